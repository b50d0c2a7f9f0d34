import { randomFillSync } from 'node:crypto';
import { monotonicFactory } from 'ulid';
import type { Clock, Ids } from '../agent/ports.ts';

export const systemClock: Clock = { now: () => Date.now() };

/** ULIDs that sort in the order in which they were made, also within one millisecond of this process. */
export function createIds(clock: Clock): Ids {
  const ulid = monotonicFactory(pooledRandom());
  return { next: () => ulid(clock.now()) };
}

const POOL_BYTES = 4_096;

/** Fractions from 0 to below 1 in steps of a byte, as ulid asks for them: sixteen calls of the system for each id are dear. */
function pooledRandom(): () => number {
  const pool = new Uint8Array(POOL_BYTES);
  let used = POOL_BYTES;
  return () => {
    if (used === POOL_BYTES) {
      randomFillSync(pool);
      used = 0;
    }
    return (pool[used++] ?? 0) / 256;
  };
}
