import { pathToFileURL } from 'node:url';
import { buildIsCurrent, hashSources, markBuilt } from './build-stamp.mjs';
import { installDependencies } from './dependencies.mjs';
import { projectRoot } from './project-root.mjs';
import { runProcess } from './run-process.mjs';
import { provideRuntime } from './runtime.mjs';
import { SetupError, exitCodes, exitWith } from './setup-error.mjs';

/** In this order: the adapter empties `build/` before it writes. */
const BUILD_STEPS = [
  ['vite', 'build', '--logLevel', 'warn'],
  ['node', 'scripts/server-entries.mjs'],
];

/**
 * Builds the pages, commands and workers into `build/`, unless they are built from the same sources.
 * @param {{ node: string, env: NodeJS.ProcessEnv }} runtime
 */
export async function buildIfNeeded(runtime) {
  if (buildIsCurrent()) return;
  process.stdout.write('Building\n');
  // Taken first: a file that changes during the build makes the next start build again.
  const hash = hashSources();
  const env = { ...runtime.env, NODE_ENV: 'production' };
  for (const [command, ...args] of BUILD_STEPS) {
    const { code, output } = await runProcess(command, args, { cwd: projectRoot, env, capture: true });
    if (code === 0) continue;
    throw new SetupError(
      exitCodes.buildFailed,
      `The build failed at \`${[command, ...args].join(' ')}\`.`,
      output,
    );
  }
  markBuilt(hash);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await exitWith(async () => {
    const runtime = await provideRuntime();
    await installDependencies(runtime);
    await buildIfNeeded(runtime);
    return 0;
  });
}
