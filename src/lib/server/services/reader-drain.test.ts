import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { untilDrained } from './reader-drain.ts';

const limits = { highWaterBytes: 100, stalledAfterMs: 15_000 };

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** How the wait stands after each look: `waiting`, `drained` or `given up`. */
function wait(waitingBytes: () => number) {
  const wait = { state: 'waiting' };
  untilDrained(waitingBytes, limits).then(
    () => (wait.state = 'drained'),
    () => (wait.state = 'given up'),
  );
  return wait;
}

it('does not wait for a reader that has room', async () => {
  const { state } = await Promise.resolve(wait(() => 99)).then(async (waited) => {
    await vi.advanceTimersByTimeAsync(0);
    return waited;
  });
  expect(state).toBe('drained');
});

it('gives up a reader that takes nothing at all, when its time is over and not before', async () => {
  const stalled = wait(() => 500);
  await vi.advanceTimersByTimeAsync(15_000);
  expect(stalled.state).toBe('waiting');
  await vi.advanceTimersByTimeAsync(40);
  expect(stalled.state).toBe('given up');
});

it('is patient with a reader that takes little, as long as it takes something', async () => {
  let waitingBytes = 500;
  const slow = wait(() => waitingBytes);
  for (; waitingBytes >= 100; waitingBytes -= 50) {
    expect(slow.state).toBe('waiting');
    await vi.advanceTimersByTimeAsync(14_000);
  }
  await vi.advanceTimersByTimeAsync(20);
  expect(slow.state).toBe('drained');
});

it('does not take for progress that more was written', async () => {
  let waitingBytes = 500;
  const stalled = wait(() => waitingBytes++);
  await vi.advanceTimersByTimeAsync(15_100);
  expect(stalled.state).toBe('given up');
});
