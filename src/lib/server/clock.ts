import { monotonicFactory } from 'ulid';
import type { Clock, Ids } from '../agent/ports.ts';

export const systemClock: Clock = { now: () => Date.now() };

/** ULIDs that sort in the order in which they were made, also within one millisecond of this process. */
export function createIds(clock: Clock): Ids {
  const ulid = monotonicFactory();
  return { next: () => ulid(clock.now()) };
}
