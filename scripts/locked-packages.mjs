import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from './project-root.mjs';

/**
 * Every package of the lockfile, once for each version, sorted by name.
 * @returns {LockedPackage[]}
 * @typedef {{
 *   name: string, version: string, integrity: string | undefined, licence: string, development: boolean,
 * }} LockedPackage
 */
export function lockedPackages(root = projectRoot) {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  const found = new Map();
  const owners = ownersOfBinaries(lock.packages);
  for (const [path, entry] of Object.entries(lock.packages)) {
    if (path === '' || entry.link) continue;
    const name = entry.name ?? path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
    const key = `${name}@${entry.version}`;
    const development = entry.dev === true && (found.get(key)?.development ?? true);
    const licence = entry.license ?? owners.get(name)?.license ?? installedLicence(root, path);
    found.set(key, { name, version: entry.version, integrity: entry.integrity, licence, development });
  }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

/** Binaries of other systems are not installed, and not every one says its licence: that of whoever brings it counts. */
function ownersOfBinaries(packages) {
  return new Map(
    Object.values(packages).flatMap((owner) =>
      Object.keys(owner.optionalDependencies ?? {}).map((binary) => [binary, owner]),
    ),
  );
}

/** Some say it in an old form, and some only in a file. */
function installedLicence(root, path) {
  const file = join(root, path, 'package.json');
  if (!existsSync(file)) return 'unknown';
  const { license, licenses } = JSON.parse(readFileSync(file, 'utf8'));
  const said = license?.type ?? license ?? licenses?.map(({ type }) => type).join(' OR ');
  return said ?? (startsWithMit(join(root, path, 'LICENSE')) ? 'MIT' : 'unknown');
}

function startsWithMit(file) {
  return existsSync(file) && /^(?:The )?MIT License/i.test(readFileSync(file, 'utf8').trimStart());
}
