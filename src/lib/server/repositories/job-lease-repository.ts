import { and, asc, eq, gt, inArray, lte, or, sql } from 'drizzle-orm';
import type { Problem } from '../../contracts/problem.ts';
import type { AppDatabase } from '../db/connection.ts';
import { backgroundJobs } from '../db/schema/index.ts';
import { inTransaction, type Statements } from './transaction.ts';

/** The right to write what came of one try. It ends when the job is cancelled or leased again. */
export interface JobLease {
  id: string;
  fence: number;
}

export interface LeasedJob extends JobLease {
  type: string;
  userId: string | null;
  input: unknown;
  /** This try counted. */
  attempts: number;
  maxAttempts: number;
  requestId: string | null;
}

export type Settlement =
  | { status: 'succeeded'; at: number }
  | { status: 'failed'; at: number; problem: Problem }
  | { status: 'queued'; runAt: number; problem: Problem }
  /** The try does not count: we stopped, it did not fail. */
  | { status: 'given_back'; runAt: number };

export interface LeaseTerms {
  /** The process that asks. */
  owner: string;
  leaseMs: number;
  /** No try is ever planned further ahead, so whatever lies beyond was planned before the clock went back. */
  longestPauseMs: number;
  /** Of a job whose last try died with its process. */
  abandonedProblem: Problem;
}

export type JobLeaseRepository = ReturnType<typeof createJobLeaseRepository>;

/**
 * Leases with fencing: each lease raises the job's fence, and only the newest one can write. So neither a crash, nor
 * an overlap, nor a jump of the clock gives a job two effects.
 */
export function createJobLeaseRepository(db: AppDatabase) {
  const { orm } = db;

  /**
   * Leases jobs that are due, or whose lease ran out with a process that died; oldest first. Those that have no try
   * left end as failed and are named in `abandoned`.
   */
  async function take(
    { types, limit }: { types: readonly string[]; limit: number },
    terms: LeaseTerms,
    now: number,
  ) {
    const leased: LeasedJob[] = [];
    const abandoned: { id: string; userId: string | null }[] = [];
    const due = and(inArray(backgroundJobs.type, [...types]), isDue(terms, now));
    // Asked every second: the write lock is taken only when there is something to do.
    if (!orm.select({ id: backgroundJobs.id }).from(backgroundJobs).where(due).limit(1).get())
      return { leased, abandoned };
    inTransaction(db, (tx) => {
      const query = tx.select().from(backgroundJobs).where(due);
      for (const job of query.orderBy(asc(backgroundJobs.runAt)).limit(limit).all()) {
        if (job.attempts < job.maxAttempts) leased.push(lease(tx, terms, job, now));
        else {
          settleRow(
            tx,
            { id: job.id, fence: job.fence },
            { status: 'failed', at: now, problem: terms.abandonedProblem },
          );
          abandoned.push({ id: job.id, userId: job.userId });
        }
      }
    });
    return { leased, abandoned };
  }

  /**
   * Prolongs the leases that have used up a third of their time, or that a jump of the clock left implausible.
   * Returns those of `held` that are lost: cancelled, or leased by somebody else.
   */
  async function renew(held: readonly JobLease[], leaseMs: number, now: number): Promise<JobLease[]> {
    return held.filter((one) => {
      const row = orm
        .select({ leaseUntil: backgroundJobs.leaseUntil })
        .from(backgroundJobs)
        .where(isHeld(one))
        .get();
      if (!row) return true;
      const left = (row.leaseUntil ?? 0) - now;
      if (left > (leaseMs * 2) / 3 && left <= leaseMs) return false;
      const renewed = orm
        .update(backgroundJobs)
        .set({ leaseUntil: now + leaseMs })
        .where(isHeld(one));
      return renewed.run().changes === 0;
    });
  }

  /** False when the lease was lost: then nothing was written. */
  async function settle(one: JobLease, settlement: Settlement): Promise<boolean> {
    return settleRow(orm, one, settlement);
  }

  return { take, renew, settle };
}

/** For repositories that write a job's effect: whether this lease may still write, inside their transaction. */
export function holdsLease(tx: Statements, one: JobLease): boolean {
  return tx.select({ id: backgroundJobs.id }).from(backgroundJobs).where(isHeld(one)).get() !== undefined;
}

function isDue({ leaseMs, longestPauseMs }: LeaseTerms, now: number) {
  const { status, runAt, leaseUntil } = backgroundJobs;
  return or(
    and(eq(status, 'queued'), or(lte(runAt, now), gt(runAt, now + longestPauseMs))),
    and(eq(status, 'running'), or(lte(leaseUntil, now), gt(leaseUntil, now + leaseMs))),
  );
}

function lease(
  tx: Statements,
  { owner, leaseMs }: LeaseTerms,
  job: typeof backgroundJobs.$inferSelect,
  now: number,
): LeasedJob {
  const { id, type, userId, maxAttempts, requestId } = job;
  const fence = job.fence + 1;
  const attempts = job.attempts + 1;
  tx.update(backgroundJobs)
    .set({
      status: 'running',
      fence,
      attempts,
      leaseOwner: owner,
      leaseUntil: now + leaseMs,
      startedAt: job.startedAt ?? now,
    })
    .where(eq(backgroundJobs.id, id))
    .run();
  return { id, fence, type, userId, input: JSON.parse(job.input), attempts, maxAttempts, requestId };
}

function settleRow(tx: Statements, one: JobLease, settlement: Settlement): boolean {
  const row = tx
    .update(backgroundJobs)
    .set({ ...settledColumns(settlement), leaseOwner: null, leaseUntil: null });
  return row.where(isHeld(one)).run().changes === 1;
}

function settledColumns(settlement: Settlement) {
  const { attempts } = backgroundJobs;
  switch (settlement.status) {
    case 'succeeded':
      return { status: settlement.status, endedAt: settlement.at, problem: null };
    case 'failed':
      return {
        status: settlement.status,
        endedAt: settlement.at,
        problem: JSON.stringify(settlement.problem),
      };
    case 'queued':
      return {
        status: settlement.status,
        runAt: settlement.runAt,
        problem: JSON.stringify(settlement.problem),
      };
    case 'given_back':
      return { status: 'queued' as const, runAt: settlement.runAt, attempts: sql`${attempts} - 1` };
  }
}

function isHeld({ id, fence }: JobLease) {
  const { status, fence: current } = backgroundJobs;
  return and(eq(backgroundJobs.id, id), eq(current, fence), eq(status, 'running'));
}
