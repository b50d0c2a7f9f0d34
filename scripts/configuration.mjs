import { projectRoot } from './project-root.mjs';
import { runProcess } from './run-process.mjs';
import { SetupError, exitCodes } from './setup-error.mjs';

const CONFIG_CHECK = ['--disable-warning=ExperimentalWarning', 'src/lib/server/commands/config-check.ts'];

/**
 * Lets the product check its own configuration files, from source: Node runs it by stripping its types.
 * @param {{ node: string, env: NodeJS.ProcessEnv }} check
 * @throws {SetupError} above which the product's own list of mistakes is shown
 */
export async function checkConfiguration({ node, env }) {
  const { code, output } = await runProcess(node, CONFIG_CHECK, { cwd: projectRoot, env, capture: true });
  if (code === 0) return;
  throw new SetupError(
    exitCodes.configurationBroken,
    'The configuration cannot be used; mend what is listed above and start again.',
    output,
  );
}
