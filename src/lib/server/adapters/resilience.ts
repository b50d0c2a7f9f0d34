import {
  BrokenCircuitError,
  CircuitState,
  ConsecutiveBreaker,
  DelegateBackoff,
  ExponentialBackoff,
  circuitBreaker,
  handleWhen,
  retry,
} from 'cockatiel';
import type { CircuitBreakerPolicy, IBackoff, IRetryBackoffContext } from 'cockatiel';
import { AppError, UpstreamError } from '../errors/app-error.ts';
import { upstreamNames } from './http/network-problem.ts';

export interface BreakerLimits {
  /** Consecutive failures that open the breaker. */
  failures: number;
  openForMs: number;
}

export interface RetryLimits {
  /** Retries after the first try. */
  attempts: number;
  initialDelayMs: number;
  maxDelayMs: number;
}

/** How often, and for how long at most, a call is repeated. */
export interface RepeatLimits extends RetryLimits {
  /** For all tries and the pauses between them together. 0: no limit. */
  totalMs: number;
}

export interface Remote {
  /** Tells this remote from every other: its origin, or the id of an MCP server. Never a person. */
  key: string;
  /**
   * Where the remote is one process for each person: whose. Each has a breaker of its own, so that one that keeps failing
   * shuts nobody else out; they are shown as one.
   */
  instance?: string;
  upstream: UpstreamError['upstream'];
}

export interface Breakers {
  /**
   * Runs one call, unless the remote has failed too often of late: then rejects at once with `<upstream>_paused`
   * (`refused`, retryable, `retryAfterMs`). Only failures of the remote itself count, never a 4xx or an abort.
   */
  run<T>(remote: Remote, limits: BreakerLimits, call: () => Promise<T>): Promise<T>;
  /** For the status page and readiness: every remote that was called since the start. */
  states(): BreakerState[];
}

export interface BreakerState {
  key: string;
  upstream: Remote['upstream'];
  state: 'closed' | 'open' | 'half_open';
  /** The last failure of the remote itself since the start. Its words are left out: they may quote what a person sent. */
  lastFailure: { code: string; status: number | null; at: number } | null;
}

export function createBreakers({ clock = Date }: { clock?: { now(): number } } = {}): Breakers {
  const failures = new Map<string, NonNullable<BreakerState['lastFailure']>>();
  const called = new Map<string, Remote['upstream']>();
  const policies = new Map<string, { key: string; policy: CircuitBreakerPolicy; limits: BreakerLimits }>();

  function policyOf(remote: Remote, limits: BreakerLimits): CircuitBreakerPolicy {
    const { key } = remote;
    const id = idOf(remote);
    called.set(key, remote.upstream);
    const known = policies.get(id);
    if (known && known.limits.failures === limits.failures && known.limits.openForMs === limits.openForMs) {
      return known.policy;
    }
    const policy = circuitBreaker(handleWhen(isRemoteFailure), {
      halfOpenAfter: limits.openForMs,
      breaker: new ConsecutiveBreaker(limits.failures),
    });
    policies.set(id, { key, policy, limits });
    return policy;
  }

  return {
    async run(remote, limits, call) {
      const outcome = await policyOf(remote, limits)
        .execute(() => answered(call))
        .catch((error: unknown) => {
          if (error instanceof UpstreamError && isRemoteFailure(error)) {
            const { code, status = null } = error;
            failures.set(remote.key, { code, status, at: clock.now() });
          }
          throw error instanceof BrokenCircuitError ? pausedProblem(remote, limits) : error;
        });
      // An answer resets the count, as a new breaker would: only those of people whose process fails are kept.
      if (remote.instance !== undefined) policies.delete(idOf(remote));
      if ('problem' in outcome) throw outcome.problem;
      return outcome.value;
    },
    states: () =>
      [...called].map(([key, upstream]) => {
        const own = [...policies.values()].filter((one) => one.key === key);
        return {
          key,
          upstream,
          state: worst(own.map(({ policy }) => stateName(policy.state))),
          lastFailure: failures.get(key) ?? null,
        };
      }),
  };
}

/**
 * Repeats a reading call while that may help: after lost answers, 5xx, 429 and refused connections, with growing,
 * jittered pauses, never shorter than a Retry-After. One that asks for more than 30 s, or for more than is left, is not
 * waited for. A time-out is not repeated: whoever waits has waited that long already. An abort ends the pause too, and
 * rejects with the signal's reason.
 *
 * `call` is told how many milliseconds are left for it, 0 for no limit.
 */
export async function withRetries<T>(
  call: (leftMs: number) => Promise<T>,
  limits: RepeatLimits,
  signal?: AbortSignal,
): Promise<T> {
  signal?.throwIfAborted();
  const startedAt = performance.now();
  const leftMs = () => (limits.totalMs === 0 ? Infinity : startedAt + limits.totalMs - performance.now());
  let failure: unknown;
  const policy = retry(
    handleWhen((error) => isWorthRepeating(error, leftMs())),
    { maxAttempts: limits.attempts, backoff: pauses(limits) },
  );
  const result = policy.execute(async () => {
    signal?.throwIfAborted();
    const left = leftMs();
    // The pause took what was left.
    if (failure !== undefined && left <= 0) throw failure;
    try {
      // 0 would mean no limit.
      return await call(left === Infinity ? 0 : Math.max(1, Math.round(left)));
    } catch (error) {
      failure = error;
      throw error;
    }
  }, signal);
  return signal ? orAborted(result, signal) : result;
}

/** Longer waits are the person's decision. */
const LONGEST_RETRY_AFTER_MS = 30_000;

function isWorthRepeating(error: unknown, leftMs: number): boolean {
  if (!(error instanceof UpstreamError) || !error.retryable || error.timedOut || isPaused(error))
    return false;
  return leftMs > 0 && (error.retryAfterMs ?? 0) <= Math.min(LONGEST_RETRY_AFTER_MS, leftMs);
}

function pauses(limits: RetryLimits) {
  const growing = new ExponentialBackoff({
    initialDelay: limits.initialDelayMs,
    maxDelay: limits.maxDelayMs,
  });
  return new DelegateBackoff<IRetryBackoffContext<unknown>, IBackoff<unknown>>((context, previous) => {
    const state = (previous ?? growing).next(undefined);
    const error = 'error' in context.result ? context.result.error : undefined;
    const asked = error instanceof UpstreamError ? (error.retryAfterMs ?? 0) : 0;
    return { delay: Math.max(state.duration, asked), state };
  });
}

/** The remote is down or unwell: lost answers, 5xx, refused connections. A 4xx proves that it lives. */
function isRemoteFailure(error: unknown): boolean {
  if (!(error instanceof UpstreamError)) return false;
  return error.kind === 'unknown' || (error.kind === 'refused' && error.retryable);
}

/** A refusal that the remote itself spoke counts as an answer, so that it closes a breaker and resets its count. */
async function answered<T>(call: () => Promise<T>): Promise<{ value: T } | { problem: AppError }> {
  try {
    return { value: await call() };
  } catch (error) {
    if (!(error instanceof AppError) || isRemoteFailure(error)) throw error;
    return { problem: error };
  }
}

function pausedProblem({ upstream }: Remote, { openForMs }: BreakerLimits): UpstreamError {
  const seconds = Math.max(1, Math.ceil(openForMs / 1_000));
  return new UpstreamError(
    `${upstream}_paused`,
    `${upstreamNames[upstream]} has failed several times in a row, so it is left alone for ${seconds} s.`,
    { upstream, kind: 'refused', retryable: true, retryAfterMs: openForMs, hint: 'Try again in a moment.' },
  );
}

function isPaused(error: UpstreamError): boolean {
  return error.code === `${error.upstream}_paused`;
}

function idOf({ key, instance }: Remote): string {
  return JSON.stringify([key, instance ?? null]);
}

function worst(states: BreakerState['state'][]): BreakerState['state'] {
  return (['open', 'half_open'] as const).find((state) => states.includes(state)) ?? 'closed';
}

function stateName(state: CircuitState): 'closed' | 'open' | 'half_open' {
  if (state === CircuitState.Closed) return 'closed';
  return state === CircuitState.HalfOpen ? 'half_open' : 'open';
}

async function orAborted<T>(result: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = Promise.withResolvers<never>();
  const onAbort = () => aborted.reject(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([result, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
