import { projectRoot } from './project-root.mjs';
import { runProcess } from './run-process.mjs';
import { SetupError, exitCodes } from './setup-error.mjs';

/**
 * Lets the product check its own configuration files before it is started.
 * @param {{ node: string, env: NodeJS.ProcessEnv, mode: 'production' | 'development' }} check
 * @throws {SetupError} above which the product's own list of mistakes is shown
 */
export async function checkConfiguration({ node, env, mode }) {
  const { code, output } = await runProcess(node, configCheckArguments(mode), {
    cwd: projectRoot,
    env,
    capture: true,
  });
  if (code === 0) return;
  throw new SetupError(
    exitCodes.configurationBroken,
    'The configuration cannot be used; mend what is listed above and start again.',
    output,
  );
}

function configCheckArguments(mode) {
  if (mode === 'production') return ['build/commands/config-check.js'];
  // Development has no build; Node runs the source by stripping its types.
  return ['--disable-warning=ExperimentalWarning', 'src/lib/server/commands/config-check.ts'];
}
