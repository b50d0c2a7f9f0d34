import { appEnvironment, checkDataFolder } from './app-environment.mjs';
import { buildIfNeeded } from './build.mjs';
import { installDependencies } from './dependencies.mjs';
import { launch } from './launch.mjs';
import { checkPorts } from './ports.mjs';
import { provideRuntime } from './runtime.mjs';
import { exitCodes, exitWith } from './setup-error.mjs';

/** `npm start [-- production|development]`: from a fresh clone to a running app, in one command. */
await exitWith(async () => {
  const mode = process.argv[2] ?? 'production';
  if (mode !== 'production' && mode !== 'development') {
    process.stderr.write(`Unknown mode "${mode}"; use production (the default) or development.\n`);
    return exitCodes.wrongUsage;
  }

  // What takes no time is checked before what takes minutes.
  const app = appEnvironment(process.env, mode);
  checkDataFolder(app.dataDir);
  await checkPorts(app);

  const runtime = await provideRuntime();
  await installDependencies(runtime);
  if (mode === 'production') await buildIfNeeded(runtime);
  return launch({ runtime, app, mode });
});
