import type { RunResult } from 'better-sqlite3';
import type { BaseSQLiteDatabase } from 'drizzle-orm/sqlite-core';
import type { AppDatabase } from '../db/connection.ts';
import type * as schema from '../db/schema/index.ts';

/** What statements run on: the database itself, or a transaction on it. */
export type Statements = BaseSQLiteDatabase<'sync', RunResult, typeof schema>;

/**
 * Runs `work` in one transaction; an exception rolls it back. It takes the write lock at once, so that what `work`
 * reads cannot be changed by another process before it writes. `work` must not await.
 */
export function inTransaction<T>(db: AppDatabase, work: (tx: Statements) => T): T {
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

/**
 * As `inTransaction`, but the disk is waited for beside the main thread, which goes on meanwhile. Only for what goes
 * through the journal: it tells nobody of the commit, its caller included, before the disk has it.
 */
export function inPromisedTransaction<T>(db: AppDatabase, work: (tx: Statements) => T): T {
  const result = inHastyTransaction(db, work);
  db.disk.owe();
  return result;
}

/**
 * As `inTransaction`, without waiting for the disk: a process that dies loses nothing, a power cut may lose the last
 * moments, unless a transaction that waits came after it. Only for what can be done without or made anew: how a run comes
 * along, and what is computed from stored rows. At 2 to 5 ms a wait they would hold up everything else.
 */
export function inHastyTransaction<T>(db: AppDatabase, work: (tx: Statements) => T): T {
  db.sqlite.pragma('synchronous = NORMAL');
  try {
    return inTransaction(db, work);
  } finally {
    db.sqlite.pragma('synchronous = FULL');
  }
}
