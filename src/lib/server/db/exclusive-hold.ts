import { rmSync } from 'node:fs';
import Database from 'better-sqlite3';
import { ConflictError } from '../errors/app-error.ts';

/** Nobody else can open the database until it is released, or this process ends. */
export interface ExclusiveHold extends Disposable {
  release(): void;
}

/**
 * Takes a database file for this process alone, folding its log back into it, so that the file can be moved. The
 * system drops the lock with the process: no stale mark is left by a crash. A file that is no database any more can be
 * held too.
 * @throws ConflictError `data_in_use` when another process has it open.
 */
export function holdDatabase(file: string): ExclusiveHold {
  const sqlite = new Database(file, { fileMustExist: true, timeout: 0 });
  const release = () => void sqlite.close();
  const hold = { release, [Symbol.dispose]: release };
  try {
    lockOutOthers(sqlite);
    // Leaving WAL removes the log now: on closing it would be looked for beside whatever has this name by then.
    sqlite.pragma('journal_mode = DELETE');
    sqlite.pragma('journal_mode = MEMORY');
    // While nobody else may look, the journal of that change stays as an empty one, under a name that is to be free.
    rmSync(`${file}-journal`, { force: true });
    sqlite.exec('BEGIN EXCLUSIVE; COMMIT');
    return hold;
  } catch (error) {
    if (hasCode(error, /^SQLITE_(NOTADB|CORRUPT)/)) return hold;
    release();
    throw error;
  }
}

/** Every connection that has read from a WAL file keeps a lock on it, so one that is merely open is noticed too. */
function lockOutOthers(sqlite: Database.Database): void {
  try {
    sqlite.pragma('locking_mode = EXCLUSIVE');
    sqlite.prepare('SELECT count(*) FROM sqlite_master').get();
  } catch (cause) {
    if (!hasCode(cause, /^SQLITE_(BUSY|LOCKED)/)) throw cause;
    throw new ConflictError('data_in_use', `Another process has ${sqlite.name} open.`, {
      hint: 'Stop Backlogue and its jobs process first, and try again. Nothing was changed.',
      cause,
    });
  }
}

function hasCode(error: unknown, code: RegExp): boolean {
  return error instanceof Database.SqliteError && code.test(error.code);
}
