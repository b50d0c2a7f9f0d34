import { count, and, desc, eq, inArray, lt, or, sql } from 'drizzle-orm';
import type { Problem } from '../../contracts/problem.ts';
import type { AppDatabase } from '../db/connection.ts';
import { backgroundJobs } from '../db/schema/index.ts';
import { prepared } from './prepared.ts';
import { inTransaction, type Statements } from './transaction.ts';

export type JobStatus = (typeof backgroundJobs.$inferSelect)['status'];

export interface StoredJob {
  id: string;
  type: string;
  userId: string | null;
  status: JobStatus;
  attempts: number;
  maxAttempts: number;
  problem: Problem | null;
  runAt: number;
  createdAt: number;
  startedAt: number | null;
  endedAt: number | null;
}

export interface NewJob {
  id: string;
  type: string;
  userId: string | null;
  /** Two unfinished jobs never share it; null for a job that may run beside any other. */
  subject: string | null;
  /** Plain data, no secrets. */
  input: unknown;
  runAt: number;
  requestId: string | null;
}

export type JobRepository = ReturnType<typeof createJobRepository>;

const unfinished: JobStatus[] = ['queued', 'running'];
const ended: JobStatus[] = ['succeeded', 'failed', 'cancelled'];

/** Pages and scripts ask for it again and again while something is under way. */
const newestOf = prepared((statements) =>
  statements
    .select()
    .from(backgroundJobs)
    .where(eq(backgroundJobs.userId, sql.placeholder('userId')))
    .orderBy(desc(backgroundJobs.createdAt), desc(backgroundJobs.id))
    .limit(sql.placeholder('limit'))
    .prepare(),
);

/** Job records as people and the queue see them. What runs them goes through `createJobLeaseRepository`. */
export function createJobRepository(db: AppDatabase) {
  const { orm } = db;

  return {
    /** How many jobs there are of each status. Answers at once: the metrics ask at every scrape. */
    countByStatus(): Record<string, number> {
      const { status } = backgroundJobs;
      const rows = orm.select({ status, count: count() }).from(backgroundJobs).groupBy(status).all();
      return Object.fromEntries(rows.map((row) => [row.status, row.count]));
    },

    /**
     * Stores a job, or finds the unfinished one about the same subject. `hasten` lets one that waits for its next try
     * run now.
     */
    async enqueue(job: NewJob, now: number, hasten: boolean): Promise<{ jobId: string; isNew: boolean }> {
      return inTransaction(db, (tx) => {
        const present = job.subject === null ? undefined : unfinishedAbout(tx, job.subject);
        if (!present) {
          const row = { ...job, input: JSON.stringify(job.input), status: 'queued' as const, createdAt: now };
          tx.insert(backgroundJobs).values(row).run();
          return { jobId: job.id, isNew: true };
        }
        if (hasten && present.status === 'queued' && present.runAt > job.runAt) {
          tx.update(backgroundJobs).set({ runAt: job.runAt }).where(eq(backgroundJobs.id, present.id)).run();
        }
        return { jobId: present.id, isNew: false };
      });
    },

    /** A person's jobs, newest first; with `before`, those that are older than that job of theirs. */
    async listOf(userId: string, limit: number, before?: StoredJob): Promise<StoredJob[]> {
      if (!before) return newestOf(orm).all({ userId, limit }).map(toJob);
      const isOlder = or(
        lt(backgroundJobs.createdAt, before.createdAt),
        and(eq(backgroundJobs.createdAt, before.createdAt), lt(backgroundJobs.id, before.id)),
      );
      return orm
        .select()
        .from(backgroundJobs)
        .where(and(eq(backgroundJobs.userId, userId), isOlder))
        .orderBy(desc(backgroundJobs.createdAt), desc(backgroundJobs.id))
        .limit(limit)
        .all()
        .map(toJob);
    },

    /** What tells of every unfinished job whether it changed. */
    async listUnfinished() {
      const { id, userId, status, attempts, runAt } = backgroundJobs;
      const query = orm.select({ id, userId, status, attempts, runAt }).from(backgroundJobs);
      return query.where(inArray(status, unfinished)).all();
    },

    async find(jobId: string): Promise<StoredJob | null> {
      const row = orm.select().from(backgroundJobs).where(eq(backgroundJobs.id, jobId)).get();
      return row ? toJob(row) : null;
    },

    /** Queues an ended job anew with all its tries. */
    async requeue(
      jobId: string,
      from: readonly JobStatus[],
      now: number,
    ): Promise<'queued' | 'overtaken' | 'subject_taken'> {
      return inTransaction(db, (tx) => {
        const job = tx.select().from(backgroundJobs).where(eq(backgroundJobs.id, jobId)).get();
        if (!job || !from.includes(job.status)) return 'overtaken';
        if (job.subject !== null && unfinishedAbout(tx, job.subject)) return 'subject_taken';
        tx.update(backgroundJobs)
          .set({ status: 'queued', attempts: 0, problem: null, runAt: now, startedAt: null, endedAt: null })
          .where(eq(backgroundJobs.id, jobId))
          .run();
        return 'queued';
      });
    },

    /** False when it has ended already. Whoever is working on it can write nothing from now on. */
    async cancel(jobId: string, now: number): Promise<boolean> {
      const isUnfinished = and(eq(backgroundJobs.id, jobId), inArray(backgroundJobs.status, unfinished));
      return orm.update(backgroundJobs).set(cancelled(now)).where(isUnfinished).run().changes === 1;
    },

    /** Cancels whatever is unfinished about these subjects; returns the jobs' ids. */
    async cancelAbout(subjects: readonly string[], now: number): Promise<string[]> {
      const about = and(
        inArray(backgroundJobs.subject, [...subjects]),
        inArray(backgroundJobs.status, unfinished),
      );
      const rows = orm.update(backgroundJobs).set(cancelled(now)).where(about);
      return rows
        .returning({ id: backgroundJobs.id })
        .all()
        .map(({ id }) => id);
    },

    /** Removes jobs that ended before a time; returns how many. */
    async removeEndedBefore(time: number): Promise<number> {
      const isOld = and(inArray(backgroundJobs.status, ended), lt(backgroundJobs.endedAt, time));
      return orm.delete(backgroundJobs).where(isOld).run().changes;
    },
  };
}

function unfinishedAbout(tx: Statements, subject: string) {
  const about = and(eq(backgroundJobs.subject, subject), inArray(backgroundJobs.status, unfinished));
  return tx.select().from(backgroundJobs).where(about).get();
}

function cancelled(now: number) {
  return { status: 'cancelled' as const, endedAt: now, leaseOwner: null, leaseUntil: null };
}

function toJob(row: typeof backgroundJobs.$inferSelect): StoredJob {
  const { id, type, userId, status, attempts, maxAttempts, runAt, createdAt, startedAt, endedAt } = row;
  const problem = row.problem === null ? null : (JSON.parse(row.problem) as Problem);
  return {
    id,
    type,
    userId,
    status,
    attempts,
    maxAttempts,
    problem,
    runAt,
    createdAt,
    startedAt,
    endedAt,
  };
}
