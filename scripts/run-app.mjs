import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { projectRoot } from './project-root.mjs';
import { SetupError, exitCodes } from './setup-error.mjs';
import { renderSummary } from './summary.mjs';

const READY_WITHIN_MS = 60_000;
/** It says that it is ready a moment before its pages answer. */
const READY_POLL_MS = 20;
/** npm passes on a Ctrl+C that the terminal has sent us too. */
const SAME_SIGNAL_WITHIN_MS = 1_000;

/**
 * Starts the app, prints its summary once it is ready, and stays until it ends.
 * @param {{ node: string, args: string[], env: NodeJS.ProcessEnv, readyUrl: string }} app
 * @returns {Promise<number>} the app's exit code
 */
export async function runApp({ node, args, env, readyUrl }) {
  const child = spawn(node, args, {
    cwd: projectRoot,
    env,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    // In a process group of its own, or a Ctrl+C would reach the app twice: from the terminal and from us.
    detached: process.platform !== 'win32',
  });
  forwardSignals(child);

  const ended = new Promise((resolve) => {
    child.once('error', () => resolve(127));
    child.once('exit', (code, signal) => resolve(code ?? 128 + constants.signals[signal]));
  });
  const summary = new Promise((resolve) => {
    child.on('message', (message) => {
      if (message?.type === 'ready') resolve(message.summary);
    });
  });
  const ready = summary.then(async (facts) => {
    await answersReady(readyUrl, ended);
    return facts;
  });
  const first = await Promise.race([ended.then(() => undefined), ready, tooLate()]);

  if (first === TOO_LATE) {
    child.kill('SIGTERM');
    await ended;
    throw new SetupError(
      exitCodes.notReady,
      `The app did not become ready within ${READY_WITHIN_MS / 1_000} seconds; ${readyUrl} says what is missing, and the log above says why.`,
    );
  }
  if (first !== undefined) process.stdout.write(renderSummary(first));
  return ended;
}

function forwardSignals(child) {
  let lastForwarded = -Infinity;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      if (performance.now() - lastForwarded < SAME_SIGNAL_WITHIN_MS) return;
      lastForwarded = performance.now();
      child.kill(signal === 'SIGHUP' ? 'SIGTERM' : signal);
    });
  }
}

/** Resolves at the first good answer, or never once the app has ended. */
async function answersReady(url, ended) {
  let running = true;
  void ended.then(() => (running = false));
  while (running) {
    const answer = await fetch(url).catch(() => undefined);
    // An unread body would keep the connection.
    await answer?.arrayBuffer().catch(() => undefined);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, READY_POLL_MS));
  }
  return new Promise(() => {});
}

const TOO_LATE = Symbol('too late');

function tooLate() {
  return new Promise((resolve) => {
    setTimeout(() => resolve(TOO_LATE), READY_WITHIN_MS).unref();
  });
}
