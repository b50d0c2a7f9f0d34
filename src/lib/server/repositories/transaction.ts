import type { RunResult } from 'better-sqlite3';
import { sql } from 'drizzle-orm';
import type { BaseSQLiteDatabase } from 'drizzle-orm/sqlite-core';
import type { AppDatabase } from '../db/connection.ts';
import type * as schema from '../db/schema/index.ts';
import { prepared } from './prepared.ts';

/** What statements run on: the database itself, or a transaction on it. */
export type Statements = BaseSQLiteDatabase<'sync', RunResult, typeof schema>;

/**
 * Runs `work` in one transaction; an exception rolls it back. It takes the write lock at once, so that what `work`
 * reads cannot be changed by another process before it writes. `work` must not await.
 */
export function inTransaction<T>(db: AppDatabase, work: (tx: Statements) => T): T {
  db.commits.strict();
  return transact(db, work);
}

/**
 * As `inTransaction`, but the disk is waited for beside the main thread, which goes on meanwhile. Only for what goes
 * through the journal: it tells nobody of the commit, its caller included, before the disk has it.
 */
export function inPromisedTransaction<T>(db: AppDatabase, work: (tx: Statements) => T): T {
  const before = changesSoFar(db);
  const result = inHastyTransaction(db, work);
  // A refusal stores nothing, and need not be waited for.
  if (changesSoFar(db) > before) db.disk.owe();
  return result;
}

/**
 * As `inTransaction`, without waiting for the disk: a process that dies loses nothing, a power cut may lose the last
 * moments, unless a transaction that waits came after it. Only for what can be done without or made anew: how a run comes
 * along, and what is computed from stored rows. At 2 to 5 ms a wait they would hold up everything else.
 */
export function inHastyTransaction<T>(db: AppDatabase, work: (tx: Statements) => T): T {
  db.commits.hasty();
  return transact(db, work);
}

function changesSoFar({ orm }: AppDatabase): number {
  return changes(orm).get()?.total ?? 0;
}

const changes = prepared((statements) =>
  statements
    .select({ total: sql<number>`total_changes()` })
    .from(sql`(select 1)`)
    .prepare(),
);

function transact<T>(db: AppDatabase, work: (tx: Statements) => T): T {
  // Not Drizzle's own: on this one connection its `tx` would only be another object for the same session, and
  // prepared queries are kept by that object.
  const transaction = db.sqlite.transaction(() => work(db.orm));
  db.storage.requireWritable();
  try {
    return transaction.immediate();
  } catch (error) {
    // A full disk often shows only at the commit, which is no statement of `work`.
    throw db.storage.explain(error);
  }
}
