import { BusyError } from '../errors/app-error.ts';

/** Who tries, as far as it is known before anything is checked. */
export interface Guesser {
  /** The account aimed at: a user id, or what was typed where nobody is found. */
  account: string;
  address: string;
}

/** An admitted try. It counts as failed until it says otherwise, so that a burst cannot slip in uncounted. */
export interface Admission {
  succeeded(): void;
  /** The try was never judged (the queue was full, a remote was down): as if it had not been made. */
  withdraw(): void;
}

export interface Throttle {
  /** @throws BusyError `too_many_attempts` with `retryAfterMs` while a delay runs; refused tries do not prolong it. */
  admit(guesser: Guesser): Admission;
  /** Forgets what counts against an account, once its owner has proven themselves otherwise. */
  clear(account: string): void;
}

interface Limit {
  /** Failures without any delay. */
  free: number;
  longestMs: number;
  /** One failure is forgotten each time this has passed: the pace of guessing that remains in the long run. */
  forgetEachMs: number;
}

/**
 * Three counters for each try. From one address against one account delays grow long. Against the account from
 * everywhere they stay below half a minute, and an address from which the owner has signed in is exempt: nobody is
 * locked out by somebody else. One address is slowed whatever accounts it names; offices share one, so it has more.
 */
const LIMITS = {
  pair: { free: 5, longestMs: 15 * 60_000, forgetEachMs: 10 * 60_000 },
  account: { free: 20, longestMs: 30_000, forgetEachMs: 60_000 },
  address: { free: 50, longestMs: 10_000, forgetEachMs: 15_000 },
} satisfies Record<string, Limit>;

const FIRST_DELAY_MS = 1_000;
/**
 * Filling the memory to push somebody's counter out takes as many failed tries, each a password hash: at the two
 * hashes that run at once, most of an hour, and the flooder's own counters stay among the freshest.
 */
const MOST_COUNTERS = 20_000;

interface Counter {
  /** As of `lastAt`; a fraction where some of a failure is forgotten. */
  failures: number;
  lastAt: number;
}

/** Slows guessing down before any costly check. In memory: a restart forgives, and no row tells who was attacked. */
export function createThrottle({ clock }: { clock: { now(): number } }): Throttle {
  const counters = new Map<string, Counter>();
  const trustedPairs = new Map<string, number>();

  function admit({ account, address }: Guesser): Admission {
    const pair = keyOf('pair', account, address);
    const counted: [string, Limit][] = [
      [pair, LIMITS.pair],
      [keyOf('address', address), LIMITS.address],
    ];
    if (!trustedPairs.has(pair)) counted.push([keyOf('account', account), LIMITS.account]);
    const now = clock.now();
    const waitMs = Math.max(...counted.map(([key, limit]) => remainingDelay(key, limit, now)));
    if (waitMs > 0) throw tooMany(waitMs);

    for (const [key, limit] of counted) count(key, limit, now);
    return {
      succeeded() {
        counters.delete(pair);
        counters.delete(keyOf('account', account));
        undo(keyOf('address', address));
        remember(trustedPairs, pair, now);
      },
      withdraw() {
        for (const [key] of counted) undo(key);
      },
    };
  }

  function remainingDelay(key: string, limit: Limit, now: number): number {
    const counter = counters.get(key);
    if (counter === undefined || counter.failures <= limit.free) return 0;
    const delayMs = Math.min(
      limit.longestMs,
      FIRST_DELAY_MS * 2 ** (Math.ceil(counter.failures) - limit.free - 1),
    );
    // A clock that was set back must not turn a delay into a lasting one.
    return Math.min(delayMs, counter.lastAt + delayMs - now);
  }

  function count(key: string, limit: Limit, now: number): void {
    const known = counters.get(key);
    const forgotten = known === undefined ? 0 : Math.max(0, now - known.lastAt) / limit.forgetEachMs;
    const failures = Math.max(0, (known?.failures ?? 0) - forgotten) + 1;
    remember(counters, key, { failures, lastAt: now });
  }

  function undo(key: string): void {
    const counter = counters.get(key);
    if (counter === undefined) return;
    if (counter.failures <= 1) counters.delete(key);
    else counters.set(key, { ...counter, failures: counter.failures - 1 });
  }

  function clear(account: string): void {
    counters.delete(keyOf('account', account));
    const ofAccount = keyOf('pair', account, '').slice(0, -3);
    for (const key of counters.keys()) if (key.startsWith(ofAccount)) counters.delete(key);
  }

  return { admit, clear };
}

/** The longest unused entry leaves when the map is full: a Map keeps the order in which keys were set. */
function remember<T>(map: Map<string, T>, key: string, value: T): void {
  map.delete(key);
  map.set(key, value);
  const oldest = map.keys().next();
  if (map.size > MOST_COUNTERS && !oldest.done) map.delete(oldest.value);
}

function keyOf(...parts: string[]): string {
  return JSON.stringify(parts);
}

function tooMany(waitMs: number): BusyError {
  const seconds = Math.ceil(waitMs / 1_000);
  const wait =
    seconds < 90
      ? `${seconds} ${seconds === 1 ? 'second' : 'seconds'}`
      : `${Math.ceil(seconds / 60)} minutes`;
  return new BusyError('too_many_attempts', 'There were too many attempts that did not succeed.', {
    hint: `Try again in ${wait}.`,
    retryAfterMs: waitMs,
  });
}
