import { expect, test } from 'vitest';
import { askedToWait, retryAfterMs } from './retry-after.ts';

const now = Date.parse('2026-03-01T12:00:00Z');

test.each([
  ['0', 0],
  ['7', 7_000],
  [' 12 ', 12_000],
  ['99999999999999999999', 86_400_000],
  ['Sun, 01 Mar 2026 12:00:30 GMT', 30_000],
  ['Sun, 01 Mar 2026 11:00:00 GMT', 0],
  ['Sun, 01 Mar 2099 11:00:00 GMT', 86_400_000],
  ['soon', undefined],
  ['-5', undefined],
  ['1.5', undefined],
  ['', undefined],
  ['Sunday the first', undefined],
  [undefined, undefined],
])('Retry-After %j asks for %j ms', (header, expected) => {
  expect(retryAfterMs(header, now)).toBe(expected);
});

test.each([
  [undefined, ''],
  [0, ''],
  [6_100, ' It asks to wait 7 s.'],
  [600_000, ' It asks to wait 10 minutes.'],
  [3_600_000, ' It asks to wait 60 minutes.'],
  [86_400_000, ' It asks to wait 24 hours.'],
])('A wait of %j ms is told as%s', (waitMs, told) => {
  expect(askedToWait(waitMs)).toBe(told);
});
