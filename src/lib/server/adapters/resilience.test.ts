import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { UpstreamError } from '../errors/app-error.ts';
import type { UpstreamKind } from '../errors/app-error.ts';
import { createBreakers, withRetries } from './resilience.ts';

const limits = { attempts: 3, initialDelayMs: 100, maxDelayMs: 1_000, totalMs: 60_000 };
const breakerLimits = { failures: 3, openForMs: 5_000 };
const jira = { key: 'jira https://jira.example.com', upstream: 'jira' as const };

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('a reading call', () => {
  test('is repeated until it succeeds', async () => {
    const remote = failing([problem('unknown'), problem('unknown')]);
    await expect(settled(withRetries(remote.call, limits))).resolves.toBe('answer');
    expect(remote.calls).toHaveLength(3);
  });

  test('is tried once and then as often as its limit says', async () => {
    const remote = failing(Array.from({ length: 20 }, () => problem('unknown')));
    await expect(settled(withRetries(remote.call, limits))).rejects.toMatchObject({ kind: 'unknown' });
    expect(remote.calls).toHaveLength(4);
  });

  test.each(['refused', 'credential', 'unreadable'] as const)('is not repeated after %s', async (kind) => {
    const remote = failing([problem(kind)]);
    await expect(settled(withRetries(remote.call, limits))).rejects.toMatchObject({ kind });
    expect(remote.calls).toHaveLength(1);
  });

  test('waits at least as long as Retry-After asks, and a 0 does not hurry it', async () => {
    const patient = failing([problem('rate_limited', 20_000)]);
    await settled(withRetries(patient.call, limits));
    expect((patient.calls[1] ?? 0) - (patient.calls[0] ?? 0)).toBeGreaterThanOrEqual(20_000);
    const hurried = failing(Array.from({ length: 9 }, () => problem('rate_limited', 0)));
    await expect(settled(withRetries(hurried.call, limits))).rejects.toMatchObject({ kind: 'rate_limited' });
    expect(hurried.calls).toHaveLength(4);
  });

  test('gives up at once when Retry-After asks for more than half a minute', async () => {
    const remote = failing([problem('rate_limited', 3_600_000)]);
    await expect(settled(withRetries(remote.call, limits))).rejects.toMatchObject({
      retryAfterMs: 3_600_000,
    });
    expect(remote.calls).toHaveLength(1);
  });

  test('that took its whole time-out is not repeated, or whoever waits would wait as long again', async () => {
    const late = new UpstreamError('jira_timeout', 'Jira did not begin to answer in time.', {
      upstream: 'jira',
      kind: 'unknown',
      timedOut: true,
    });
    const remote = failing([late]);
    await expect(settled(withRetries(remote.call, limits))).rejects.toBe(late);
    expect(remote.calls).toHaveLength(1);
  });

  test('has one time for all its tries: each is told what is left, and none begins after it', async () => {
    const left: number[] = [];
    const slow = async (leftMs: number) => {
      left.push(leftMs);
      await new Promise((resolve) => setTimeout(resolve, 25_000));
      throw problem('unknown');
    };
    const startedAt = Date.now();
    await expect(settled(withRetries(slow, { ...limits, attempts: 9 }))).rejects.toMatchObject({
      kind: 'unknown',
    });
    expect(left).toHaveLength(3);
    expect(left[0]).toBe(60_000);
    expect(left[2]).toBeLessThan(10_000);
    expect(Date.now() - startedAt).toBeLessThan(60_000 + 25_000);
  });

  test('does not wait for a Retry-After beyond its time, nor begin after a pause that took the rest', async () => {
    const asking = failing([problem('rate_limited', 20_000)]);
    await expect(settled(withRetries(asking.call, { ...limits, totalMs: 10_000 }))).rejects.toMatchObject({
      retryAfterMs: 20_000,
    });
    expect(asking.calls).toHaveLength(1);
    const pausing = failing([problem('unknown'), problem('unknown')]);
    const long = { attempts: 3, initialDelayMs: 5_000, maxDelayMs: 5_000, totalMs: 1 };
    await expect(settled(withRetries(pausing.call, long))).rejects.toMatchObject({ kind: 'unknown' });
    expect(pausing.calls).toHaveLength(1);
  });

  test('that is aborted ends in the middle of a pause and is not tried again', async () => {
    const abort = new AbortController();
    const remote = failing([problem('rate_limited', 20_000)]);
    const call = withRetries(remote.call, limits, abort.signal);
    const outcome = expect(call).rejects.toBe('stopped');
    await vi.advanceTimersByTimeAsync(1_000);
    abort.abort('stopped');
    await outcome;
    await vi.runAllTimersAsync();
    expect(remote.calls).toHaveLength(1);
  });
});

describe('a breaker', () => {
  test('opens after consecutive failures, lets one call through after its time, and closes when that succeeds', async () => {
    const breakers = createBreakers();
    const remote = failing(Array.from({ length: 4 }, () => problem('unknown')));
    const run = () => breakers.run(jira, breakerLimits, remote.call);
    for (let call = 0; call < 3; call++) await expect(run()).rejects.toMatchObject({ kind: 'unknown' });

    expect(breakers.states()).toMatchObject([{ key: jira.key, state: 'open' }]);
    await expect(run()).rejects.toMatchObject({ code: 'jira_paused', kind: 'refused', retryAfterMs: 5_000 });
    expect(remote.calls).toHaveLength(3);

    vi.advanceTimersByTime(5_000);
    await expect(run()).rejects.toMatchObject({ kind: 'unknown' });
    await expect(run()).rejects.toMatchObject({ code: 'jira_paused' });
    vi.advanceTimersByTime(5_000);
    await expect(run()).resolves.toBe('answer');
    expect(breakers.states()).toMatchObject([{ key: jira.key, state: 'closed' }]);
  });

  test('remembers the last failure of the remote itself, and no refusal', async () => {
    const clock = { now: () => 1_000 };
    const breakers = createBreakers({ clock });
    const run = (error: unknown) =>
      breakers.run(jira, breakerLimits, () => Promise.reject(error)).catch(() => {});
    await run(problem('credential'));
    expect(breakers.states()).toMatchObject([{ lastFailure: null }]);
    const failure = problem('unknown');
    await run(failure);
    await run(problem('credential'));
    const lastFailure = { code: failure.code, status: null, at: 1_000 };
    expect(breakers.states()).toEqual([{ key: jira.key, upstream: 'jira', state: 'closed', lastFailure }]);
  });

  test('of a process for each person stops nobody else, and is shown as one', async () => {
    const breakers = createBreakers();
    const mine = { key: 'mcp wiki', upstream: 'mcp' as const, instance: 'ada' };
    const others = { ...mine, instance: 'omar' };
    const down = () => Promise.reject(problem('unknown'));
    for (let n = 0; n < breakerLimits.failures; n++)
      await expect(breakers.run(mine, breakerLimits, down)).rejects.toMatchObject({ kind: 'unknown' });
    await expect(breakers.run(mine, breakerLimits, down)).rejects.toMatchObject({ code: 'mcp_paused' });
    await expect(breakers.run(others, breakerLimits, async () => 'answer')).resolves.toBe('answer');
    expect(breakers.states()).toEqual([expect.objectContaining({ key: 'mcp wiki', state: 'open' })]);
    expect(JSON.stringify(breakers.states())).not.toContain('ada');
  });

  test('of a process for each person counts only failures in a row, as any other', async () => {
    const breakers = createBreakers();
    const mine = { key: 'mcp wiki', upstream: 'mcp' as const, instance: 'ada' };
    const down = () => Promise.reject(problem('unknown'));
    for (let n = 0; n < breakerLimits.failures * 2; n++) {
      await expect(breakers.run(mine, breakerLimits, down)).rejects.toMatchObject({ kind: 'unknown' });
      await expect(breakers.run(mine, breakerLimits, async () => 'answer')).resolves.toBe('answer');
    }
    expect(breakers.states()).toEqual([expect.objectContaining({ key: 'mcp wiki', state: 'closed' })]);
  });

  test('of one remote leaves the others alone', async () => {
    const breakers = createBreakers();
    const down = failing(Array.from({ length: 9 }, () => problem('unknown')));
    for (let call = 0; call < 3; call++) await breakers.run(jira, breakerLimits, down.call).catch(() => {});
    const other = { key: 'confluence', upstream: 'confluence' as const };
    await expect(breakers.run(other, breakerLimits, async () => 'fine')).resolves.toBe('fine');
  });

  test('counts no refusals and no aborts, and an answer in between resets its count', async () => {
    const breakers = createBreakers();
    const run = (error: unknown) =>
      breakers.run(jira, breakerLimits, () => Promise.reject(error)).catch(() => {});
    for (let call = 0; call < 9; call++) await run(problem('credential'));
    for (let call = 0; call < 9; call++) await run(new Error('stopped by the person'));
    await run(problem('unknown'));
    await run(problem('unknown'));
    await run(problem('refused'));
    await run(problem('unknown'));
    await run(problem('unknown'));
    expect(breakers.states()[0]?.state).toBe('closed');
  });

  test('that is open is not hammered by retries', async () => {
    const breakers = createBreakers();
    const remote = failing(Array.from({ length: 99 }, () => problem('unknown')));
    const call = () => breakers.run(jira, breakerLimits, remote.call);
    await expect(settled(withRetries(call, { ...limits, attempts: 9 }))).rejects.toMatchObject({
      code: 'jira_paused',
    });
    expect(remote.calls).toHaveLength(3);
  });
});

/** A remote that rejects with each problem in turn, then answers. */
function failing(problems: unknown[]) {
  const calls: number[] = [];
  return {
    calls,
    call: async () => {
      calls.push(Date.now());
      const next = problems.shift();
      if (next) throw next;
      return 'answer';
    },
  };
}

function problem(kind: UpstreamKind, retryAfterMs?: number): UpstreamError {
  return new UpstreamError('jira_failed', 'Jira failed.', { upstream: 'jira', kind, retryAfterMs });
}

/** Lets fake time run until the promise is decided. */
async function settled<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {});
  await vi.runAllTimersAsync();
  return promise;
}
