import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createWorkerPool, type WorkerPool } from './worker-pool.ts';

const locate = (worker: string) =>
  fileURLToPath(new URL(`../../../../tests/support/workers/${worker}.ts`, import.meta.url));
const never = new AbortController().signal;

let pool: WorkerPool;
beforeEach(() => {
  pool = createWorkerPool({ log: pino({ level: 'silent' }), locate, mostThreads: 1, mostWaiting: 1 });
});
afterEach(() => pool.close());

it('answers from a thread that runs straight from its source', async () => {
  expect(await pool.run('errands', 'answer', never)).toEqual({ answered: 'answer' });
});

it.each(['throw', 'die'])('fails the one task whose thread should %s, and does the next', async (way) => {
  await expect(pool.run('errands', way, never)).rejects.toMatchObject({
    code: 'worker_failed',
    retryable: true,
  });
  expect(await pool.run('errands', 'answer', never)).toEqual({ answered: 'answer' });
});

it('ends a thread that hangs as soon as nobody waits for it', async () => {
  const abort = new AbortController();
  const hanging = pool.run('errands', 'hang', abort.signal);
  abort.abort(new Error('enough'));
  await expect(hanging).rejects.toThrow('enough');
  expect(await pool.run('errands', 'answer', never)).toEqual({ answered: 'answer' });
});

it('refuses more than may wait', async () => {
  const first = Promise.allSettled([pool.run('errands', 'hang', never), pool.run('errands', 'hang', never)]);
  await expect(pool.run('errands', 'answer', never)).rejects.toMatchObject({ code: 'workers_busy' });
  await pool.close();
  expect((await first).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  await expect(pool.run('errands', 'answer', never)).rejects.toMatchObject({ code: 'worker_failed' });
});
