import { eq } from 'drizzle-orm';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addPerson } from '../../../../tests/support/people.ts';
import { openTempDatabase, type TempDatabase } from '../../../../tests/support/temp-database.ts';
import { createIds } from '../clock.ts';
import { backgroundJobs } from '../db/schema/index.ts';
import { InvalidError, UpstreamError } from '../errors/app-error.ts';
import { createJobLeaseRepository, type Settlement } from '../repositories/job-lease-repository.ts';
import { createJobRepository } from '../repositories/job-repository.ts';
import { createJobChanges } from './job-changes.ts';
import { abandonedProblem } from './job-failure.ts';
import { createJobQueue } from './job-queue.ts';
import { createJobRunner, leaseMs, type JobHandler } from './job-runner.ts';
import { longestPauseMs } from './retry-pause.ts';

const log = pino({ level: 'silent' });

let temp: TempDatabase;
let now: number;
const clock = { now: () => now };

beforeEach(() => {
  temp = openTempDatabase();
  now = 1_000_000_000_000;
  addPerson(temp.db, { id: 'ada' });
});
afterEach(() => temp.dispose());

/** One process: its queue and its runner on the shared database. */
function startProcess(owner: string, handler: JobHandler = async () => undefined, random = () => 0.5) {
  const changes = createJobChanges({ log });
  const leases = createJobLeaseRepository(temp.db);
  const jobs = createJobRepository(temp.db);
  const handlers = { errand: handler };
  const runner = createJobRunner({ leases, processId: owner, handlers, changes, clock, log, random });
  const terms = { owner, leaseMs, longestPauseMs, abandonedProblem };
  const take = async () => (await leases.take({ types: ['errand'], limit: 1 }, terms, now)).leased;
  const queue = createJobQueue({ jobs, changes, wake: () => undefined, clock, ids: createIds(clock) });
  const enqueue = (subject: string | null = null) =>
    queue.enqueue({ type: 'errand', userId: 'ada', subject, input: { to: 'market' }, requestId: 'r-1' });
  const runOnce = async () => {
    await runner.runDue();
    await runner.idle();
  };
  return { leases, take, jobs, runner, queue, enqueue, runOnce };
}

function row(id: string) {
  const found = temp.db.orm.select().from(backgroundJobs).where(eq(backgroundJobs.id, id)).get();
  if (!found) throw new Error('There is no such job.');
  return found;
}

/** A handler that is under way until it is told to end. */
function heldHandler() {
  const started = Promise.withResolvers<AbortSignal>();
  const end = Promise.withResolvers<void>();
  const handler: JobHandler = (_job, signal) => {
    started.resolve(signal);
    signal.addEventListener('abort', () => end.reject(signal.reason), { once: true });
    return end.promise;
  };
  return { handler, started: started.promise, end };
}

describe('a job', () => {
  it('runs once, with its input, and says how it ended', async () => {
    const seen: unknown[] = [];
    const process = startProcess('p1', async ({ input, attempts }) => void seen.push({ input, attempts }));
    const id = await process.enqueue();
    await process.runOnce();
    await process.runOnce();
    expect(seen).toEqual([{ input: { to: 'market' }, attempts: 1 }]);
    expect(row(id)).toMatchObject({ status: 'succeeded', startedAt: now, endedAt: now, leaseOwner: null });
  });

  it('is one job when it is asked for twice, until it has ended', async () => {
    const process = startProcess('p1');
    const first = await process.enqueue('errand of ada');
    expect(await process.enqueue('errand of ada')).toBe(first);
    expect(await process.enqueue('another')).not.toBe(first);
    await process.runOnce();
    expect(await process.enqueue('errand of ada')).not.toBe(first);
  });

  it('is tried six times with growing pauses, then it has failed', async () => {
    let tries = 0;
    const process = startProcess('p1', async () => {
      tries += 1;
      throw new Error('token=very-secret');
    });
    const id = await process.enqueue();
    const pauses: number[] = [];
    for (let attempt = 1; attempt <= 6; attempt += 1) {
      await process.runOnce();
      if (row(id).status !== 'queued') break;
      pauses.push(row(id).runAt - now);
      now = row(id).runAt - 1;
      await process.runOnce();
      expect(tries, 'not before its time').toBe(attempt);
      now += 1;
    }
    expect(pauses).toEqual([3_750, 7_500, 15_000, 30_000, 60_000]);
    expect(tries).toBe(6);
    expect(row(id)).toMatchObject({ status: 'failed', attempts: 6, endedAt: now });
    expect(row(id).problem).toContain('job_stopped');
    expect(row(id).problem).not.toContain('very-secret');
  });

  it('waits as long as a remote asks for, within bounds', async () => {
    const busy = (retryAfterMs: number) =>
      new UpstreamError('jira_busy', 'Too many requests.', {
        upstream: 'jira',
        kind: 'rate_limited',
        retryAfterMs,
      });
    const errors = [busy(120_000), busy(86_400_000)];
    const process = startProcess('p1', async () => {
      throw errors.shift();
    });
    const id = await process.enqueue();
    await process.runOnce();
    expect(row(id).runAt - now).toBe(120_000);
    now = row(id).runAt;
    await process.runOnce();
    expect(row(id).runAt - now).toBe(longestPauseMs);
  });

  it.each([
    new InvalidError('connection_missing', 'Jira is not configured yet.'),
    new UpstreamError('jira_token_refused', 'Jira refused the token.', {
      upstream: 'jira',
      kind: 'credential',
    }),
  ])('is not tried again where only a person can help: $code', async (error) => {
    const process = startProcess('p1', async () => {
      throw error;
    });
    const id = await process.enqueue();
    await process.runOnce();
    expect(row(id)).toMatchObject({ status: 'failed', attempts: 1 });
    expect(row(id).problem).toContain(error.message);
  });

  it('that is cancelled while it runs is told so, and its end is not written', async () => {
    const { handler, started } = heldHandler();
    const process = startProcess('p1', handler);
    const id = await process.enqueue();
    await process.runner.runDue();
    const signal = await started;
    await process.jobs.cancel(id, now);
    await process.runOnce();
    expect(signal.aborted).toBe(true);
    expect(row(id).status).toBe('cancelled');
  });

  it('that is stopped with its process goes on in the next one, and the try does not count', async () => {
    const { handler, started } = heldHandler();
    const first = startProcess('p1', handler);
    const id = await first.enqueue();
    await first.runner.runDue();
    await started;
    await first.runner.stop();
    expect(row(id)).toMatchObject({ status: 'queued', attempts: 0 });
    await startProcess('p2').runOnce();
    expect(row(id)).toMatchObject({ status: 'succeeded', attempts: 1 });
  });
});

describe('a lease', () => {
  const succeeded = (): Settlement => ({ status: 'succeeded', at: now });

  it('goes to one of two processes that ask at the same time', async () => {
    let effects = 0;
    const [one, two] = ['p1', 'p2'].map((owner) => startProcess(owner, async () => void (effects += 1)));
    for (let job = 0; job < 20; job += 1) await one?.enqueue();
    for (let round = 0; round < 10; round += 1) await Promise.all([one?.runOnce(), two?.runOnce()]);
    expect(effects).toBe(20);
  });

  it('that ran out goes to another process, and the late writer is refused', async () => {
    const [slow, next] = [startProcess('slow'), startProcess('next')];
    const id = await slow.enqueue();
    const held = await slow.take();
    expect(await next.take()).toEqual([]);
    now += leaseMs;
    const taken = await next.take();
    expect(taken[0]).toMatchObject({ id, attempts: 2 });
    for (const lease of held) expect(await slow.leases.settle(lease, succeeded())).toBe(false);
    expect(await slow.leases.renew(held, leaseMs, now)).toEqual(held);
    for (const lease of taken) expect(await next.leases.settle(lease, succeeded())).toBe(true);
  });

  it('stays while its holder works, however long that takes', async () => {
    const { handler, started, end } = heldHandler();
    const worker = startProcess('worker', handler);
    const id = await worker.enqueue();
    await worker.runner.runDue();
    await started;
    for (let look = 0; look < 10; look += 1) {
      now += leaseMs / 2;
      await worker.runner.runDue();
      expect(await startProcess('other').take()).toEqual([]);
    }
    end.resolve();
    await worker.runner.idle();
    expect(row(id)).toMatchObject({ status: 'succeeded', attempts: 1 });
  });

  it.each([
    ['forward', 86_400_000],
    ['back', -86_400_000],
  ])('outlives a clock that jumps %s by a day', async (_way, jump) => {
    const { handler, started, end } = heldHandler();
    let calls = 0;
    const worker = startProcess('worker', (job, signal) => {
      calls += 1;
      return handler(job, signal);
    });
    await worker.enqueue();
    await worker.runner.runDue();
    await started;
    now += jump;
    await worker.runner.runDue();
    end.resolve();
    await worker.runner.idle();
    expect(calls).toBe(1);
  });

  it('of a dead process is found, and a planned try comes, after the clock went back', async () => {
    const dead = startProcess('dead');
    const leased = await dead.enqueue();
    await dead.take();
    now -= 86_400_000;
    const planned = await dead.enqueue();
    temp.db.orm
      .update(backgroundJobs)
      .set({ runAt: now + 86_400_000 })
      .where(eq(backgroundJobs.id, planned))
      .run();
    await startProcess('next').runOnce();
    expect([row(leased).status, row(planned).status]).toEqual(['succeeded', 'succeeded']);
  });

  it('that ran out six times ends the job: a task that kills its process does not do so for ever', async () => {
    const id = await startProcess('p0').enqueue();
    for (let attempt = 1; attempt <= 6; attempt += 1) {
      await startProcess(`p${attempt}`).take();
      now += leaseMs;
    }
    await startProcess('p7').runOnce();
    expect(row(id)).toMatchObject({ status: 'failed', attempts: 6 });
    expect(row(id).problem).toContain('job_abandoned');
  });
});

it('removes what ended, and nothing else, after its time', async () => {
  const process = startProcess('p1');
  const old = await process.enqueue();
  await process.runOnce();
  now += 14 * 86_400_000;
  const fresh = await process.enqueue();
  await process.runOnce();
  const waiting = await process.enqueue();
  expect(await process.jobs.removeEndedBefore(now)).toBe(1);
  expect(() => row(old)).toThrow();
  expect([row(fresh).status, row(waiting).status]).toEqual(['succeeded', 'queued']);
});
