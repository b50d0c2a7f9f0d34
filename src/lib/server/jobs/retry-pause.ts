import { BusyError, UpstreamError } from '../errors/app-error.ts';

/** No retry is planned further ahead, whatever a Retry-After asks for. */
export const longestPauseMs = 30 * 60_000;

const firstPauseMs = 5_000;

/**
 * Milliseconds until the next try after the `attempts`-th one failed: 5 s, doubling, each drawn from its upper half, so
 * that jobs that failed together do not come back together. Never sooner than a remote asked for.
 * @param random uniform in [0, 1)
 */
export function retryPauseMs(attempts: number, error: unknown, random: () => number): number {
  const ceiling = firstPauseMs * 2 ** (attempts - 1);
  const pause = ceiling / 2 + (ceiling / 2) * random();
  return Math.round(Math.min(longestPauseMs, Math.max(pause, askedFor(error))));
}

function askedFor(error: unknown): number {
  const asksForPause = error instanceof UpstreamError || error instanceof BusyError;
  return asksForPause ? (error.retryAfterMs ?? 0) : 0;
}
