import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { npmFailureSentence, runNpm } from './npm.mjs';
import { projectRoot } from './project-root.mjs';
import { SetupError, exitCodes } from './setup-error.mjs';

/**
 * Installs exactly what package-lock.json names, unless node_modules already holds it.
 * @param {{ node: string, env: NodeJS.ProcessEnv }} runtime
 */
export async function installDependencies(runtime) {
  const wanted = readJson('package-lock.json');
  // npm writes this file last, so an interrupted installation is seen as none.
  const installed = readJson('node_modules/.package-lock.json');
  if (installedMatches(wanted, installed)) return;

  process.stdout.write('Installing dependencies\n');
  const { code, output } = await runNpm(runtime.node, ['ci', '--no-audit', '--no-fund'], {
    cwd: projectRoot,
    env: runtime.env,
    capture: true,
  });
  if (code === 0) return;
  throw new SetupError(
    exitCodes.downloadFailed,
    `The dependencies could not be installed: ${npmFailureSentence(output)}`,
    output,
  );
}

/**
 * Whether every package of the lockfile is installed in its version. Optional ones may be absent: they
 * are binaries of other systems.
 * @param {Lockfile | undefined} wanted package-lock.json
 * @param {Lockfile | undefined} installed npm's record in node_modules
 * @typedef {{ packages?: Record<string, { version?: string, integrity?: string, optional?: boolean, devOptional?: boolean }> }} Lockfile
 */
export function installedMatches(wanted, installed) {
  if (!wanted?.packages || !installed?.packages) return false;
  return Object.entries(wanted.packages).every(([path, entry]) => {
    if (path === '') return true;
    const present = installed.packages?.[path];
    if (present === undefined) return entry.optional === true;
    return present.version === entry.version && present.integrity === entry.integrity;
  });
}

function readJson(path) {
  try {
    return JSON.parse(readFileSync(join(projectRoot, path), 'utf8'));
  } catch {
    // Absent or damaged: either way the packages have to be installed.
    return undefined;
  }
}
