import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { knownBadVersions } from './known-bad-versions.ts';

interface LockedPackage {
  /** Where the folder has another name than the package. */
  name?: string;
  version?: string;
  resolved?: string;
  optionalDependencies?: Record<string, string>;
}

const file = resolve(import.meta.dirname, '../../package-lock.json');
const { packages } = JSON.parse(readFileSync(file, 'utf8')) as { packages: Record<string, LockedPackage> };

describe('package-lock.json', () => {
  it('names no registry, so that a clone installs from the one in its reach', () => {
    const resolved = Object.entries(packages).filter(([, { resolved }]) => resolved !== undefined);
    expect(resolved).toEqual([]);
  });

  // npm drops what its registry lacks at that moment, and `npm ci` then refuses the file everywhere.
  it('holds the binaries of every system', () => {
    const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies).filter((name) => !isLocked(path, name)),
    );
    expect(missing).toEqual([]);
  });

  it('holds one copy of better-sqlite3, for two on one file break its locks', () => {
    expect(Object.keys(packages).filter((path) => path.endsWith('node_modules/better-sqlite3'))).toHaveLength(
      1,
    );
  });

  it('holds no version that is known to be malicious', () => {
    expect(knownBadAmong(packages)).toEqual([]);
  });

  it('is looked through by package, also below another one and under another name', () => {
    const planted = {
      'node_modules/debug': { version: '4.4.1' },
      'node_modules/socket.io/node_modules/debug': { version: '4.4.2' },
      'node_modules/paint': { name: 'chalk', version: '5.6.1' },
      'node_modules/@pkgr/core': { version: '0.2.8' },
    };
    expect(knownBadAmong(planted)).toEqual(['debug 4.4.2', 'chalk 5.6.1', '@pkgr/core 0.2.8']);
  });
});

function knownBadAmong(locked: Record<string, LockedPackage>): string[] {
  return Object.entries(locked).flatMap(([path, { name, version = '' }]) => {
    const own = name ?? path.split('node_modules/').at(-1) ?? '';
    return knownBadVersions[own]?.includes(version) ? [`${own} ${version}`] : [];
  });
}

/** Looks for a package where Node would, from its parent's folder upwards. */
function isLocked(parent: string, name: string): boolean {
  for (let folder = parent; ; folder = dirname(folder)) {
    if (join(folder, 'node_modules', name) in packages) return true;
    if (folder === '.' || folder === '') return false;
  }
}
