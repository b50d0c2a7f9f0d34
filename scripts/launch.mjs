import { checkConfiguration } from './configuration.mjs';
import { runApp } from './run-app.mjs';

/**
 * Checks the configuration, starts the app and stays with it.
 * @param {{
 *   runtime: { node: string, env: NodeJS.ProcessEnv },
 *   app: { host: string, port: number, env: NodeJS.ProcessEnv },
 *   mode: 'production' | 'development',
 * }} launch
 * @returns {Promise<number>} the app's exit code
 */
export async function launch({ runtime, app, mode }) {
  const { node } = runtime;
  const env = { ...app.env, PATH: runtime.env.PATH };
  await checkConfiguration({ node, env, mode });
  return runApp({
    node,
    args: appArguments(mode, app),
    env,
    readyUrl: `http://${reachableHost(app.host)}:${app.port}/readyz`,
  });
}

function appArguments(mode, { host, port }) {
  if (mode === 'production') return ['--enable-source-maps', 'build/index.js'];
  return ['node_modules/vite/bin/vite.js', 'dev', '--host', host, '--port', String(port), '--strictPort'];
}

/** Where this machine finds a server that listens on `host`, as it is written in a URL. */
function reachableHost(host) {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return host.includes(':') ? `[${host}]` : host;
}
