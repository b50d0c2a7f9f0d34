import { readdirSync, readFileSync } from 'node:fs';
import { getPriority } from 'node:os';
import { pino } from 'pino';
import { afterAll, expect, it } from 'vitest';
import { createBcryptThreads } from './bcrypt-threads.ts';

const bcrypt = createBcryptThreads({ log: pino({ level: 'silent' }), mostThreads: 2 });
afterAll(() => bcrypt.close());

/** As Linux has them: the nineteenth value of each thread's line, of which the second may hold blanks. */
const priorities = () =>
  readdirSync('/proc/self/task').map((thread) =>
    Number(readFileSync(`/proc/self/task/${thread}/stat`, 'utf8').split(') ').at(-1)?.split(' ')[16]),
  );

it('makes hashes that know their text and no other', async () => {
  const [hash, other] = await Promise.all([
    bcrypt.hash('Correct-Horse-7', 4),
    bcrypt.hash('Correct-Horse-7', 4),
  ]);
  expect(hash).toMatch(/^\$2[aby]\$04\$/);
  expect(other).not.toBe(hash);
  expect(await bcrypt.verify('Correct-Horse-7', hash)).toBe(true);
  expect(await bcrypt.verify('correct-Horse-7', hash)).toBe(false);
});

it.runIf(process.platform === 'linux')(
  'comes after the thread that streams, which stays as it was',
  async () => {
    const own = getPriority();
    await bcrypt.verify('Correct-Horse-7', await bcrypt.hash('Correct-Horse-7', 4));
    expect(priorities()).toContain(10);
    expect(getPriority()).toBe(own);
  },
);

it('refuses what is no hash without harm to the next', async () => {
  await expect(bcrypt.hash('Correct-Horse-7', 99)).rejects.toMatchObject({
    code: 'worker_failed',
    retryable: true,
  });
  expect(await bcrypt.verify('Correct-Horse-7', await bcrypt.hash('Correct-Horse-7', 4))).toBe(true);
});
