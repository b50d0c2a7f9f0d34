import { pino } from 'pino';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { addPerson } from '../../../../tests/support/people.ts';
import { openTempDatabase, type TempDatabase } from '../../../../tests/support/temp-database.ts';
import { createIds } from '../clock.ts';
import { NotFoundError } from '../errors/app-error.ts';
import { createJobChanges } from '../jobs/job-changes.ts';
import { createJobQueue } from '../jobs/job-queue.ts';
import { createJobRepository } from '../repositories/job-repository.ts';
import { createJobService } from './job-service.ts';
import type { Actor, JobView } from './services.ts';

const clock = { now: () => 1_000_000_000_000 };
const log = pino({ level: 'silent' });

let temp: TempDatabase;
let ada: Actor;
let bob: Actor;
beforeEach(() => {
  temp = openTempDatabase();
  ada = addPerson(temp.db, { employeeId: 'ada' });
  bob = addPerson(temp.db, { employeeId: 'bob' });
});
afterEach(() => temp.dispose());

function createParts() {
  const jobs = createJobRepository(temp.db);
  const changes = createJobChanges({ log });
  const wake = () => undefined;
  const queue = createJobQueue({ jobs, changes, wake, clock, ids: createIds(clock) });
  const service = createJobService({ jobs, changes, wake, clock, log });
  const enqueue = (userId: string | null, subject: string | null = null) =>
    queue.enqueue({ type: 'errand', userId, subject, input: {}, requestId: null });
  return { service, enqueue, queue };
}

it('shows a person their own jobs, newest first', async () => {
  const { service, enqueue } = createParts();
  const first = await enqueue(ada.userId);
  const second = await enqueue(ada.userId);
  await enqueue(bob.userId);
  expect((await service.list(ada)).map(({ id }) => id)).toEqual([second, first]);
  expect(await service.get(ada, first)).toMatchObject({
    status: 'queued',
    attempts: 0,
    maxAttempts: 6,
    problem: null,
  });
});

it('shows older jobs page by page, without a gap or a double', async () => {
  const { service, enqueue } = createParts();
  const made: string[] = [];
  for (let nth = 0; nth < 5; nth++) made.unshift(await enqueue(ada.userId));
  const first = await service.list(ada, { limit: 2 });
  const second = await service.list(ada, { limit: 2, before: first.at(-1)?.id });
  const third = await service.list(ada, { limit: 2, before: second.at(-1)?.id });
  expect([...first, ...second, ...third].map(({ id }) => id)).toEqual(made);
  const foreign = await enqueue(bob.userId);
  await expect(service.list(ada, { before: foreign })).rejects.toBeInstanceOf(NotFoundError);
});

it('answers for a job of somebody else, or of nobody, as for one that is not there', async () => {
  const { service, enqueue } = createParts();
  const foreign = [await enqueue(bob.userId), await enqueue(null), 'never-there'];
  for (const jobId of foreign) {
    for (const ask of [service.get, service.retry, service.cancel]) {
      const refusal = await ask(ada, jobId).then(
        () => null,
        (error: unknown) => error,
      );
      expect(refusal).toBeInstanceOf(NotFoundError);
      expect(refusal).toMatchObject({ code: 'job_not_found', message: 'There is no such job.' });
    }
  }
  expect(await service.get(bob, foreign[0] ?? '')).toMatchObject({ status: 'queued' });
});

it('cancels a job that has not ended, and retries one that was cancelled', async () => {
  const { service, enqueue } = createParts();
  const jobId = await enqueue(ada.userId);
  await expect(service.retry(ada, jobId)).rejects.toMatchObject({ code: 'job_not_retryable' });
  await service.cancel(ada, jobId);
  await expect(service.cancel(ada, jobId)).rejects.toMatchObject({ code: 'job_ended' });
  await service.retry(ada, jobId);
  expect(await service.get(ada, jobId)).toMatchObject({ status: 'queued', attempts: 0, endedAt: null });
});

it('does not retry what a newer job is already doing', async () => {
  const { service, enqueue } = createParts();
  const jobId = await enqueue(ada.userId, 'tools of ada');
  await service.cancel(ada, jobId);
  await enqueue(ada.userId, 'tools of ada');
  await expect(service.retry(ada, jobId)).rejects.toMatchObject({ code: 'job_under_way' });
});

it('tells a person of changes to their own jobs only', async () => {
  const { service, enqueue } = createParts();
  const seen: JobView[] = [];
  const heard = Promise.withResolvers<void>();
  const stop = service.watch(ada, (job) => {
    seen.push(job);
    heard.resolve();
  });
  await enqueue(bob.userId);
  const own = await enqueue(ada.userId);
  await heard.promise;
  stop();
  await enqueue(ada.userId);
  await new Promise(setImmediate);
  expect(seen.map(({ id }) => id)).toEqual([own]);
});
