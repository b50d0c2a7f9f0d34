import { accessSync, constants, mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { projectRoot } from './project-root.mjs';
import { SetupError, exitCodes } from './setup-error.mjs';

/**
 * The environment that the app is started with: what is set wins, the rest gets its default. The app
 * checks the values itself; only what this launcher uses is checked here.
 * @param {NodeJS.ProcessEnv} env
 * @param {'production' | 'development'} mode
 */
export function appEnvironment(env, mode) {
  const port = readPort(env, 'PORT', 3000);
  const socketPort = readPort(env, 'SOCKET_PORT', 3001);
  const host = env.HOST || '127.0.0.1';
  return {
    host,
    port,
    ports: [
      { variable: 'PORT', port },
      { variable: 'SOCKET_PORT', port: socketPort },
    ],
    dataDir: resolve(projectRoot, env.DATA_DIR || 'data'),
    env: {
      ...env,
      NODE_ENV: mode,
      HOST: host,
      PORT: String(port),
      SOCKET_PORT: String(socketPort),
      DATA_DIR: env.DATA_DIR || './data',
      // Without it the adapter assumes https and refuses every form that comes over http.
      ORIGIN: env.ORIGIN || `http://localhost:${port}`,
      BODY_SIZE_LIMIT: env.BODY_SIZE_LIMIT || '2M',
    },
  };
}

/**
 * Makes the data folder, readable by its owner only, if it is not there.
 * @param {string} dataDir
 * @throws {SetupError} when nothing can be written into it
 */
export function checkDataFolder(dataDir) {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    accessSync(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new SetupError(
      exitCodes.dataFolderUnusable,
      `The data folder ${dataDir} cannot be used (${error.code === 'EEXIST' ? 'it is a file' : error.code}); change its permissions, or choose another with DATA_DIR=<folder>.`,
    );
  }
}

function readPort(env, variable, fallback) {
  const text = env[variable];
  if (text === undefined || text === '') return fallback;
  const port = Number(text);
  if (Number.isInteger(port) && port >= 1 && port <= 65_535) return port;
  throw new SetupError(
    exitCodes.portUnavailable,
    `${variable}=${text} is not a port; it is a number from 1 to 65535.`,
  );
}
