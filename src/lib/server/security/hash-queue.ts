import { availableParallelism } from 'node:os';
import { BusyError } from '../errors/app-error.ts';

/** Each hash takes a core for a quarter of a second, and one core must stay with the thread that streams. */
export const mostAtOnce = () => Math.max(1, Math.min(2, availableParallelism() - 1));
/** Waiting hashes take about a quarter of a second each: past this many, people are told to try again. */
const MOST_WAITING = 16;
const RETRY_AFTER_MS = 3_000;
/**
 * Turning somebody away costs the thread that streams a page. A program that asks again at once would make hundreds of
 * them a second, so it hears of it after a pause; so many are kept waiting at most.
 */
const REFUSE_AFTER_MS = 1_000;
const MOST_PAUSING = 500;

export interface HashQueue {
  /** Runs the work when its turn comes. @throws BusyError `sign_in_busy`, after a pause, when too many wait. */
  run<T>(work: () => Promise<T>): Promise<T>;
}

/** First come, first served. */
export function createHashQueue({
  atOnce = mostAtOnce(),
  mostWaiting = MOST_WAITING,
  refuseAfterMs = REFUSE_AFTER_MS,
  mostPausing = MOST_PAUSING,
} = {}): HashQueue {
  let running = 0;
  let pausing = 0;
  const waiting: (() => void)[] = [];

  async function run<T>(work: () => Promise<T>): Promise<T> {
    await turn();
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      // The place passes on directly, so that nobody who comes in between overtakes those who wait.
      if (next === undefined) running -= 1;
      else next();
    }
  }

  function turn(): Promise<void> {
    if (running < atOnce) {
      running += 1;
      return Promise.resolve();
    }
    if (waiting.length >= mostWaiting) return turnAway();
    return new Promise((resolve) => waiting.push(resolve));
  }

  async function turnAway(): Promise<never> {
    if (pausing < mostPausing) {
      pausing += 1;
      await new Promise((resolve) => setTimeout(resolve, refuseAfterMs));
      pausing -= 1;
    }
    throw new BusyError('sign_in_busy', 'Many people are signing in right now.', {
      hint: 'Try again in a moment.',
      retryAfterMs: RETRY_AFTER_MS,
    });
  }

  return { run };
}
