import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { projectRoot } from './project-root.mjs';

/** Folders whose files are programs or threads of their own, beside the pages that Vite builds. */
const ENTRY_FOLDERS = ['commands', 'workers'];

/**
 * Bundles every command and worker into `build/commands` and `build/workers`. Packages stay in
 * node_modules; modules that several entries share are written once.
 */
export async function buildServerEntries() {
  const entryPoints = ENTRY_FOLDERS.flatMap(entriesIn);
  if (entryPoints.length === 0) return;
  await build({
    absWorkingDir: projectRoot,
    entryPoints,
    outbase: 'src/lib/server',
    outdir: 'build',
    chunkNames: 'commands/shared/[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node22',
    packages: 'external',
    sourcemap: 'linked',
    logLevel: 'warning',
  });
}

function entriesIn(folder) {
  const path = `src/lib/server/${folder}`;
  if (!existsSync(join(projectRoot, path))) return [];
  return readdirSync(join(projectRoot, path))
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .map((name) => `${path}/${name}`);
}

await buildServerEntries();
