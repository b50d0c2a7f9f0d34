/** Where the sandbox reads the time, in milliseconds since the epoch, so that a test can move it. */
export interface Clock {
  now(): number;
}

export const systemClock: Clock = { now: () => Date.now() };
