import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { appEnvironment } from './app-environment.mjs';
import { buildIfNeeded } from './build.mjs';
import { installDependencies } from './dependencies.mjs';
import { projectRoot } from './project-root.mjs';
import { runProcess } from './run-process.mjs';
import { provideRuntime } from './runtime.mjs';
import { exitCodes, exitWith } from './setup-error.mjs';

/** `node scripts/command.mjs NAME [arguments]`: runs a command of src/lib/server/commands as it is built. */
await exitWith(async () => {
  const [name = '', ...args] = process.argv.slice(2);
  const runtime = await provideRuntime();
  await installDependencies(runtime);
  await buildIfNeeded(runtime);

  const file = join(projectRoot, 'build/commands', `${name}.js`);
  if (name === '' || !existsSync(file)) {
    process.stderr.write(`Unknown command "${name}"; there are: ${commandNames().join(', ')}.\n`);
    return exitCodes.wrongUsage;
  }
  const { env } = appEnvironment(runtime.env, 'production');
  const { code } = await runProcess(runtime.node, [file, ...args], {
    cwd: projectRoot,
    env,
  });
  return code;
});

function commandNames() {
  const folder = join(projectRoot, 'build/commands');
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith('.js'))
    .map((name) => name.slice(0, -'.js'.length));
}
