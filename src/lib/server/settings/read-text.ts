import { readFileSync } from 'node:fs';

/** A file's text without its byte order mark, or the code of what kept it from being read. */
export function readText(path: string): { ok: true; text: string } | { ok: false; reason: string } {
  try {
    return { ok: true, text: readFileSync(path, 'utf8').replace(/^\uFEFF/, '') };
  } catch (error) {
    return {
      ok: false,
      reason: error instanceof Error && 'code' in error ? String(error.code) : 'unreadable',
    };
  }
}
