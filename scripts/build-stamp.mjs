import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from './project-root.mjs';

/** What the build is made of. Tests and documents are not in it, so a change there rebuilds nothing. */
const BUILD_INPUTS = [
  'src',
  'static',
  'package-lock.json',
  'svelte.config.js',
  'tsconfig.json',
  'vite.config.ts',
  'scripts/server-entries.mjs',
];
const STAMP = 'build/.sources';

/** Whether `build/` was made from the sources as they are now. */
export function buildIsCurrent(root = projectRoot) {
  const stamp = join(root, STAMP);
  if (!existsSync(join(root, 'build/index.js')) || !existsSync(stamp)) return false;
  return readFileSync(stamp, 'utf8') === hashSources(root);
}

/** To be called when a build has succeeded, with the hash from before it began. */
export function markBuilt(hash, root = projectRoot) {
  writeFileSync(join(root, STAMP), hash);
}

/** One hash over the names and contents of everything that goes into the build. */
export function hashSources(root = projectRoot) {
  const hash = createHash('sha256');
  for (const input of BUILD_INPUTS) {
    for (const path of filesIn(root, input)) {
      const content = readFileSync(join(root, path));
      // The length keeps two files from being read as one.
      hash.update(`${path}\0${content.length}\0`).update(content);
    }
  }
  return hash.digest('hex');
}

/** @returns {string[]} paths below `root`, sorted, without tests */
function filesIn(root, path) {
  const absolute = join(root, path);
  if (!existsSync(absolute)) return [];
  if (!statSync(absolute).isDirectory()) return /\.test\.ts$/.test(path) ? [] : [path];
  return readdirSync(absolute)
    .sort()
    .flatMap((name) => filesIn(root, `${path}/${name}`));
}
