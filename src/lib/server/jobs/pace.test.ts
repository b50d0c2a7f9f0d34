import { expect, test } from 'vitest';
import { createPace } from './pace.ts';

test('Turns come in the order of asking, and one that gives up holds nobody up', async () => {
  const pace = createPace(1);
  const { signal } = new AbortController();
  const leave = new AbortController();
  const came: string[] = [];
  const turn = (name: string, until = signal) => pace(until).then(() => void came.push(name));
  const turns = [turn('first'), turn('second'), turn('left', leave.signal), turn('third')];
  leave.abort('gave up');
  const ends = await Promise.allSettled(turns);
  expect(came).toEqual(['first', 'second', 'third']);
  expect(ends[2]).toEqual({ status: 'rejected', reason: 'gave up' });
});

test('One that gives up in the middle of its pause leaves at once', async () => {
  const pace = createPace(3_600_000);
  await pace(new AbortController().signal);
  const leave = new AbortController();
  const waiting = pace(leave.signal);
  leave.abort('gave up');
  await expect(waiting).rejects.toBe('gave up');
});
