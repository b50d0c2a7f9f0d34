import { setTimeout as wait } from 'node:timers/promises';

/** Resolves when it is one's turn; rejects with the signal's reason. */
export type Pace = (signal: AbortSignal) => Promise<void>;

/** Lets one begin at a time, in the order of asking, each at least `everyMs` after the one before. */
export function createPace(everyMs: number): Pace {
  let nextAt = 0;
  let last: Promise<void> = Promise.resolve();

  async function turn(before: Promise<void>, signal: AbortSignal): Promise<void> {
    await before;
    signal.throwIfAborted();
    // Aborted in the middle of the pause it throws below, with the signal's own reason.
    await wait(Math.max(0, nextAt - performance.now()), undefined, { signal }).catch(() => undefined);
    signal.throwIfAborted();
    nextAt = performance.now() + everyMs;
  }

  return (signal) => {
    const mine = turn(last, signal);
    // Whoever gives up lets the next one in.
    last = mine.catch(() => undefined);
    return mine;
  };
}
