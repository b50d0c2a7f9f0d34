/** Largest text that goes in as a source, in bytes of UTF-8 (config: limits.sourceBytes decides in the end). */
export const sourceMaxBytes = 1_048_576;
/** A paste longer than this goes in as a source, so that the message stays readable. */
export const longPasteCharacters = 4_000;
export const sourceFileTypes = '.md,.txt,text/markdown,text/plain';

export interface SourceText {
  kind: 'text' | 'file';
  title: string;
  text: string;
}

/** Files that were dropped or chosen, as sources. `refused` says in a sentence each why the others are not. */
export async function readSourceFiles(
  files: Iterable<File>,
): Promise<{ sources: SourceText[]; refused: string[] }> {
  const sources: SourceText[] = [];
  const refused: string[] = [];
  for (const file of files) {
    const problem = refusalOf(file);
    if (problem) {
      refused.push(problem);
      continue;
    }
    const text = await file.text();
    if (text.trim() === '') refused.push(`“${file.name}” is empty.`);
    else sources.push({ kind: 'file', title: file.name, text });
  }
  return { sources, refused };
}

/** Why a file cannot be a source, or null. */
export function refusalOf({ name, size }: Pick<File, 'name' | 'size'>): string | null {
  if (!/\.(md|markdown|txt)$/i.test(name)) return `“${name}” is not a text. Drop .md or .txt files.`;
  if (size > sourceMaxBytes) return `“${name}” is larger than 1 MiB. Leave out what matters least.`;
  return null;
}

/** A pasted text as a source, named by its first line. */
export function pastedSource(text: string): SourceText {
  const firstLine = text.trim().split('\n', 1)[0]?.trim() ?? '';
  const title = firstLine.length > 60 ? `${firstLine.slice(0, 59).trimEnd()}…` : firstLine;
  return { kind: 'text', title: title || 'Pasted text', text };
}
