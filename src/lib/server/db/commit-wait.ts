import type Database from 'better-sqlite3';

/** Whether a connection's commits wait for the disk. Each change costs a statement, so it stays until the other is asked for. */
export interface CommitWait {
  /** The next commits are on the disk when they return. Does nothing inside a transaction: its outermost one has asked. */
  strict(): void;
  /** The next commits are in the log, which the disk may not have yet. */
  hasty(): void;
}

/** For a connection that was opened with `synchronous = FULL`. */
export function createCommitWait(sqlite: Database.Database): CommitWait {
  let isStrict = true;

  function change(toStrict: boolean): void {
    if (isStrict === toStrict || sqlite.inTransaction) return;
    sqlite.pragma(`synchronous = ${toStrict ? 'FULL' : 'NORMAL'}`);
    isStrict = toStrict;
  }

  return { strict: () => change(true), hasty: () => change(false) };
}
