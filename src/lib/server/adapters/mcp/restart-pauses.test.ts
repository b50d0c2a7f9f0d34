import { expect, test } from 'vitest';
import { createRestartPauses } from './restart-pauses.ts';

test('A program that stops is started at once the first time, then after growing pauses, a minute at most', () => {
  let now = 1_000_000;
  const pauses = createRestartPauses({ now: () => now });
  const waits: number[] = [];
  for (let end = 0; end < 9; end++) {
    pauses.stopped('u1', 10);
    let waited = 0;
    for (; isPaused(pauses); waited += 500) now += 500;
    waits.push(waited);
  }
  expect(waits).toEqual([0, 1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]);
});

test('One that ran well for a minute, or was not used for a minute after its pause, begins anew', () => {
  let now = 0;
  const pauses = createRestartPauses({ now: () => now });
  for (let end = 0; end < 4; end++) pauses.stopped('u1', 10);
  expect(isPaused(pauses)).toBe(true);
  pauses.stopped('u1', 60_000);
  expect(isPaused(pauses)).toBe(false);
  pauses.stopped('u1', 10);
  expect(isPaused(pauses)).toBe(true);
  now += 62_000;
  pauses.stopped('u2', 10);
  pauses.stopped('u1', 10);
  expect(isPaused(pauses)).toBe(false);
});

function isPaused(pauses: ReturnType<typeof createRestartPauses>): boolean {
  try {
    pauses.check('u1', 'jira');
    return false;
  } catch {
    return true;
  }
}
