import { checkConfiguration } from './configuration.mjs';
import { runApp } from './run-app.mjs';

/**
 * Starts the app and stays with it. What is built checks the configuration itself, before anything else, and ends with the
 * same exit code; the development server would do so only at the first request.
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
  if (mode === 'development') await checkConfiguration({ node, env });
  return runApp({
    node,
    args: appArguments(mode, app),
    env,
    readyUrl: `http://${reachableHost(app.host)}:${app.port}/readyz`,
  });
}

function appArguments(mode, { host, port }) {
  // Not with --enable-source-maps: Node would parse the maps of all packages at the start, twice its time and memory.
  if (mode === 'production') return ['build/index.js'];
  return ['node_modules/vite/bin/vite.js', 'dev', '--host', host, '--port', String(port), '--strictPort'];
}

/** Where this machine finds a server that listens on `host`, as it is written in a URL. */
function reachableHost(host) {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return host.includes(':') ? `[${host}]` : host;
}
