import { BusyError } from '../../errors/app-error.ts';

export interface RestartPauses {
  /** Throws a BusyError while the program is not to be started again yet. */
  check(key: string, serverId: string): void;
  /** The program ended, or did not start, without being asked to. */
  stopped(key: string, livedMs: number): void;
}

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;
/** One that ran this long was well: its end is counted as the first again. */
const WELL_AFTER_MS = 60_000;

/**
 * Pauses before a program that stops by itself is started again: none after its first end, then one second, twice as
 * long after each further one, a minute at most.
 */
export function createRestartPauses(clock: { now(): number }): RestartPauses {
  const ends = new Map<string, { count: number; notBefore: number }>();

  /** Who has not tried for a while begins anew; so the map does not grow with every token that there ever was. */
  function forgetOld(): void {
    for (const [key, { notBefore }] of ends) if (clock.now() - notBefore > WELL_AFTER_MS) ends.delete(key);
  }

  return {
    check(key, serverId) {
      const retryAfterMs = (ends.get(key)?.notBefore ?? 0) - clock.now();
      if (retryAfterMs <= 0) return;
      const seconds = Math.ceil(retryAfterMs / 1_000);
      throw new BusyError(
        'mcp_restarting',
        `The tool server ${serverId} stopped several times, so it is left alone for ${seconds} s.`,
        {
          retryAfterMs,
          hint: 'Try again then; if it goes on, ask your administrator to look at its program.',
        },
      );
    },
    stopped(key, livedMs) {
      const before = livedMs >= WELL_AFTER_MS ? 0 : (ends.get(key)?.count ?? 0);
      const pause = before === 0 ? 0 : Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (before - 1));
      forgetOld();
      ends.set(key, { count: before + 1, notBefore: clock.now() + pause });
    },
  };
}
