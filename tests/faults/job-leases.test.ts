import fc from 'fast-check';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createIds } from '../../src/lib/server/clock.ts';
import { abandonedProblem } from '../../src/lib/server/jobs/job-failure.ts';
import { leaseMs } from '../../src/lib/server/jobs/job-runner.ts';
import { longestPauseMs } from '../../src/lib/server/jobs/retry-pause.ts';
import {
  createJobLeaseRepository,
  holdsLease,
  type LeasedJob,
} from '../../src/lib/server/repositories/job-lease-repository.ts';
import { createJobRepository } from '../../src/lib/server/repositories/job-repository.ts';
import { addPerson } from '../support/people.ts';
import { openTempDatabase, type TempDatabase } from '../support/temp-database.ts';

const numRuns = process.env.TEST_SCALE === 'long' ? 5_000 : 60;
const subjects = ['one', 'two'];
const workers = ['w1', 'w2', 'w3'];
const mostTries = 6;

/** What may happen next, in any order: two workers at once, a crash (a lease never settled), a clock that jumps. */
const happening = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('enqueue' as const), subject: fc.constantFrom(...subjects) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('take' as const), worker: fc.constantFrom(...workers) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('settle' as const),
      which: fc.nat(20),
      outcome: fc.constantFrom('succeeded' as const, 'failed' as const, 'queued' as const),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('cancel' as const), which: fc.nat(20) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('clock' as const),
      byMs: fc.oneof(
        fc.integer({ min: 0, max: 2 * leaseMs }),
        fc.integer({ min: -86_400_000, max: 86_400_000 }),
      ),
    }),
  },
);

let temp: TempDatabase;
beforeEach(() => (temp = openTempDatabase()));
afterEach(() => temp.dispose());

it('gives a job one end and at most six tries, whatever crashes, overlaps or jumps', async () => {
  addPerson(temp.db, { id: 'ada' });
  await fc.assert(
    fc.asyncProperty(fc.array(happening, { minLength: 10, maxLength: 80 }), async (happenings) => {
      temp.db.sqlite.exec('delete from background_job');
      await live(happenings);
    }),
    { numRuns },
  );
});

/** Lives through everything and checks after each step. A failure prints the seed and the shortest way there. */
async function live(
  happenings: (typeof happening extends fc.Arbitrary<infer T> ? T : never)[],
): Promise<void> {
  let now = 1_000_000_000_000;
  const ids = createIds({ now: () => now });
  const jobs = createJobRepository(temp.db);
  const leases = createJobLeaseRepository(temp.db);
  const everLeased: LeasedJob[] = [];
  const ends = new Map<string, number>();
  const ended = (id: string) => ends.set(id, (ends.get(id) ?? 0) + 1);
  const problem = { code: 'job_stopped', message: 'It stopped.', retryable: true };

  for (const next of happenings) {
    if (next.kind === 'clock') now += next.byMs;
    if (next.kind === 'enqueue') {
      const job = { id: ids.next(), type: 'errand', userId: 'ada', input: {}, requestId: null };
      await jobs.enqueue({ ...job, subject: next.subject, runAt: now }, now, false);
    }
    if (next.kind === 'take') {
      const terms = { owner: next.worker, leaseMs, longestPauseMs, abandonedProblem };
      const { leased, abandoned } = await leases.take({ types: ['errand'], limit: 2 }, terms, now);
      everLeased.push(...leased);
      abandoned.forEach(({ id }) => ended(id));
    }
    // Any lease that was ever given may come back, however late.
    const late = 'which' in next ? everLeased[next.which % Math.max(1, everLeased.length)] : undefined;
    if (next.kind === 'settle' && late) {
      const { outcome } = next;
      const settlement =
        outcome === 'queued'
          ? { status: outcome, runAt: now + 1_000, problem }
          : outcome === 'failed'
            ? { status: outcome, at: now, problem }
            : { status: outcome, at: now };
      if ((await leases.settle(late, settlement)) && outcome !== 'queued') ended(late.id);
    }
    if (next.kind === 'cancel' && late && (await jobs.cancel(late.id, now))) ended(late.id);

    for (const count of ends.values()) expect(count, 'ends of one job').toBe(1);
    const writers = everLeased.filter(canWrite).map(({ id }) => id);
    expect(new Set(writers).size, 'one writer a job').toBe(writers.length);
    for (const job of await jobs.listOf('ada', 100)) expect(job.attempts).toBeLessThanOrEqual(mostTries);
    for (const subject of subjects) expect(unfinishedAbout(subject)).toBeLessThanOrEqual(1);
  }
}

function canWrite(lease: LeasedJob): boolean {
  return holdsLease(temp.db.orm, lease);
}

function unfinishedAbout(subject: string): number {
  const count = temp.db.sqlite.prepare(
    "select count(*) as count from background_job where subject = ? and status in ('queued', 'running')",
  );
  return (count.get(subject) as { count: number }).count;
}
