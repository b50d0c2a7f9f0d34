import { runProcess } from './run-process.mjs';

/** The reason of a failure is wanted even under `npm --silent`, and an unreachable registry before minutes pass. */
const NPM_MANNERS = [
  '--loglevel=error',
  '--fetch-retries=2',
  '--fetch-retry-mintimeout=1000',
  '--fetch-retry-maxtimeout=5000',
];

/**
 * Runs npm on a given Node: the npm that started this script, else the one on PATH.
 * @param {string} node
 * @param {string[]} args
 * @param {{ cwd: string, env: NodeJS.ProcessEnv, capture?: boolean }} options
 */
export function runNpm(node, args, options) {
  const started = process.env.npm_execpath;
  const isNpm = started !== undefined && /npm-cli\.[cm]?js$/.test(started);
  return isNpm
    ? runProcess(node, [started, ...args, ...NPM_MANNERS], options)
    : runProcess('npm', [...args, ...NPM_MANNERS], options);
}

/**
 * The cause in what npm printed, as the second half of a sentence.
 * @param {string} output
 */
export function npmFailureSentence(output) {
  const code = /^npm (?:error|ERR!) code (\S+)/m.exec(output)?.[1];
  if (code === undefined) return 'npm gave no reason.';
  const unreachable = [
    'ENOTFOUND',
    'ECONNREFUSED',
    'ECONNRESET',
    'ETIMEDOUT',
    'EAI_AGAIN',
    'ERR_SOCKET_TIMEOUT',
  ];
  if (unreachable.includes(code)) return `the npm registry is out of reach (${code}).`;
  if (code === 'E404' || code === 'ETARGET') return `the registry does not have it (${code}).`;
  return `npm ended with ${code}.`;
}
