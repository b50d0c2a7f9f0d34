import Database from 'better-sqlite3';
import { openDatabase } from './connection.ts';

/** Several database files as they stood at one instant. They can be written on while this is read. */
export interface Snapshot {
  /** Copies one of the files to where no file is yet, as a single file that needs no log beside it. */
  copy(file: string, to: string): Promise<void>;
  close(): void;
}

/**
 * Takes the files at one instant: what a power cut at that moment would have left. `lead` is the one that its writers
 * touch first and last in whatever concerns several files; for less than a millisecond nobody can write to it.
 */
export function openSnapshot(lead: string, others: readonly string[]): Snapshot {
  const readers = new Map<string, Database.Database>();
  const close = () => readers.forEach((reader) => reader.close());
  const gate = openDatabase(lead);
  try {
    gate.sqlite.exec('BEGIN IMMEDIATE');
    for (const file of [lead, ...others]) readers.set(file, standStill(file));
    gate.sqlite.exec('ROLLBACK');
  } catch (error) {
    close();
    throw error;
  } finally {
    gate.close();
  }

  return {
    async copy(file, to) {
      const reader = readers.get(file);
      if (reader === undefined) throw new Error(`${file} is not part of this snapshot.`);
      await reader.backup(to);
      makeSelfContained(to);
    },
    close,
  };
}

/** A connection whose reading transaction has begun. A backup made through it keeps to that transaction. */
function standStill(file: string): Database.Database {
  const reader = new Database(file, { fileMustExist: true, timeout: 5_000 });
  reader.exec('BEGIN');
  // BEGIN alone is lazy: only the first read fixes the instant.
  reader.prepare('SELECT count(*) FROM sqlite_master').get();
  return reader;
}

function makeSelfContained(file: string): void {
  const copy = new Database(file, { fileMustExist: true });
  try {
    copy.pragma('journal_mode = DELETE');
  } finally {
    copy.close();
  }
}
