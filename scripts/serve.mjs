import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { appEnvironment, checkDataFolder } from './app-environment.mjs';
import { launch } from './launch.mjs';
import { checkPorts } from './ports.mjs';
import { projectRoot } from './project-root.mjs';
import { provideRuntime } from './runtime.mjs';
import { SetupError, exitCodes, exitWith } from './setup-error.mjs';

/** `npm run serve`: runs what is built, and installs or builds nothing. For images and service managers. */
await exitWith(async () => {
  if (!existsSync(join(projectRoot, 'build/index.js'))) {
    throw new SetupError(
      exitCodes.buildFailed,
      'Nothing is built yet; run `npm run build`, or use `npm start`.',
    );
  }
  const app = appEnvironment(process.env, 'production');
  checkDataFolder(app.dataDir);
  await checkPorts(app);
  return launch({ runtime: await provideRuntime(), app, mode: 'production' });
});
