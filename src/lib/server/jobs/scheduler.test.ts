import { pino } from 'pino';
import { expect, it } from 'vitest';
import { createScheduler } from './scheduler.ts';

const log = pino({ level: 'silent' });

/** Counts calls, and tells when there were enough. */
function counter(enough: number) {
  const reached = Promise.withResolvers<void>();
  let calls = 0;
  const count = () => {
    calls += 1;
    if (calls === enough) reached.resolve();
    return calls;
  };
  return { count, reached: reached.promise, calls: () => calls };
}

it('repeats a task that fails, and those beside it', async () => {
  const [failing, sound] = [counter(3), counter(3)];
  const fail = () => {
    failing.count();
    return Promise.reject(new Error('not today'));
  };
  const scheduler = createScheduler({
    log,
    tasks: [
      { id: 'failing', everyMs: 1, atStart: true, run: fail },
      { id: 'sound', everyMs: 1, atStart: false, run: async () => sound.count() },
    ],
  });
  scheduler.start();
  await Promise.all([failing.reached, sound.reached]);
  await scheduler.close();
});

it('never runs a task beside itself, waits for it to end, and starts nothing afterwards', async () => {
  const started = Promise.withResolvers<void>();
  const held = Promise.withResolvers<void>();
  const others = counter(20);
  let calls = 0;
  const slow = () => {
    calls += 1;
    started.resolve();
    return held.promise;
  };
  const scheduler = createScheduler({
    log,
    tasks: [
      { id: 'slow', everyMs: 1, atStart: true, run: slow },
      { id: 'other', everyMs: 1, atStart: false, run: async () => others.count() },
    ],
  });
  scheduler.start();
  await Promise.all([started.promise, others.reached]);
  expect(calls).toBe(1);
  let isClosed = false;
  const closed = scheduler.close().then(() => (isClosed = true));
  await new Promise(setImmediate);
  expect(isClosed).toBe(false);
  held.resolve();
  await closed;
  expect(calls).toBe(1);
});

it('keeps the schedulers of two apps apart', async () => {
  const [one, two] = [counter(1), counter(3)];
  const schedulers = [one, two].map(({ count }) =>
    createScheduler({ log, tasks: [{ id: 'same', everyMs: 1, atStart: true, run: async () => count() }] }),
  );
  for (const scheduler of schedulers) scheduler.start();
  await one.reached;
  await schedulers[0]?.close();
  await two.reached;
  await schedulers[1]?.close();
});
