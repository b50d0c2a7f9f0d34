/** When a session ends, as the server last told. All times in milliseconds since 1970, UTC, by the server's clock. */
export interface SessionTimes {
  expiresAt: number;
  /** Activity cannot move the end beyond it. */
  absoluteExpiresAt: number;
  /** The server's clock when it told: the browser's own may be wrong. */
  now: number;
}

export type CountdownState =
  | { phase: 'quiet' }
  /** The person is asked. `final`: the longest time is reached, so staying means signing in again. */
  | { phase: 'ending'; secondsLeft: number; final: boolean }
  /** `elsewhere`: before its time, by signing out in another browser or by an administrator. */
  | { phase: 'ended'; elsewhere: boolean };

interface Deps {
  /** The browser's clock. */
  now: () => number;
  /** Asks the server for more time; null when the session is over. Rejects when the server cannot be reached. */
  renew: () => Promise<SessionTimes | null>;
  /** Asks how the session stands without prolonging it; otherwise the same. */
  ask: () => Promise<SessionTimes | null>;
}

export const warnBeforeMs = 120_000;
/** The server writes a new expiry at most once a minute, so asking more often is noise. */
export const renewEveryMs = 60_000;
/** How soon a page without a channel notices that its session was ended elsewhere. */
export const askEveryMs = 60_000;
/** Past the end on the server's clock for certain, whatever the rounding. */
const END_MARGIN_MS = 1_500;

/** Counts a session down, and asks for more time while the person is active. Holds no timer: the page ticks it. */
export function createSessionCountdown(initial: SessionTimes, { now, renew, ask }: Deps) {
  let times = initial;
  let clockAhead = now() - initial.now;
  let renewedAt = now();
  let askedAt = now();
  let ended = false;

  const serverNow = () => now() - clockAhead;

  function state(): CountdownState {
    const left = times.expiresAt - serverNow();
    if (ended || left <= -END_MARGIN_MS) return { phase: 'ended', elsewhere: left > 0 };
    if (left > warnBeforeMs) return { phase: 'quiet' };
    const final = times.expiresAt >= times.absoluteExpiresAt;
    return { phase: 'ending', secondsLeft: Math.max(0, Math.ceil(left / 1_000)), final };
  }

  /** Takes over what the server told, here or in another tab. Older news than what is known changes nothing. */
  function accept(told: SessionTimes) {
    if (told.expiresAt < times.expiresAt) return;
    times = told;
    clockAhead = now() - told.now;
  }

  async function more(): Promise<SessionTimes | null> {
    renewedAt = now();
    return take(await renew());
  }

  function take(told: SessionTimes | null): SessionTimes | null {
    askedAt = now();
    if (told) accept(told);
    else ended = true;
    return told;
  }

  return {
    state,
    accept,
    /** Stay signed in: the person said so. Null when it was too late. */
    stay: more,
    /** The person did something. Asks for more time at most once a minute, and not while they are being asked. */
    async active(): Promise<SessionTimes | null> {
      if (state().phase !== 'quiet' || now() - renewedAt < renewEveryMs) return null;
      return more();
    },
    /** Somebody looks at the page: asks whether the session still lives, at most once a minute. */
    async seen(): Promise<SessionTimes | null> {
      if (state().phase === 'ended' || now() - askedAt < askEveryMs) return null;
      askedAt = now();
      return take(await ask());
    },
  };
}
