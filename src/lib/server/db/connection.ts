import Database from 'better-sqlite3';
import { drizzle, type BetterSQLite3Database } from 'drizzle-orm/better-sqlite3';
import { createCommitWait, type CommitWait } from './commit-wait.ts';
import { createDiskSync, type DiskSync } from './disk-sync.ts';
import { guardDatabase } from './guarded-database.ts';
import { withKeptStatements } from './kept-statements.ts';
import * as schema from './schema/index.ts';
import { createStorageGuard, type StorageGuard } from './storage-guard.ts';
import { probeStorage } from './storage-probe.ts';

/** The product's database. `close` also folds the write-ahead log back into the file. */
export interface AppDatabase {
  orm: BetterSQLite3Database<typeof schema>;
  sqlite: Database.Database;
  /** Whether anything can be stored. */
  storage: StorageGuard;
  /** Whether the next commit waits for the disk: it does unless its transaction asks otherwise. */
  commits: CommitWait;
  /** Waits for the disk where a commit did not. */
  disk: DiskSync;
  close(): void;
}

/** How long a statement waits for another process (backup, a second role) before it fails with SQLITE_BUSY. */
const BUSY_TIMEOUT_MS = 5_000;
/** What `PRAGMA synchronous` reads when it is FULL. */
const SYNCHRONOUS_FULL = 2;

/**
 * Opens the database file, making it when it is not there. Every connection is set up anew, because SQLite keeps
 * only WAL in the file: `synchronous` falls back to NORMAL, which loses the last commits with the power, and
 * foreign keys are off by default. Throws when a setting did not take, since nothing above checks again.
 */
export function openDatabase(file: string): AppDatabase {
  const sqlite = new Database(file, { timeout: BUSY_TIMEOUT_MS });
  try {
    sqlite.pragma('journal_mode = WAL');
    sqlite.pragma('synchronous = FULL');
    sqlite.pragma('foreign_keys = ON');
    requireSetting(sqlite, 'journal_mode', 'wal');
    requireSetting(sqlite, 'synchronous', SYNCHRONOUS_FULL);
    requireSetting(sqlite, 'foreign_keys', 1);
  } catch (error) {
    sqlite.close();
    throw error;
  }
  const commits = createCommitWait(sqlite);
  const storage = createStorageGuard({
    probe() {
      commits.strict();
      probeStorage(sqlite);
    },
  });
  const guarded = guardDatabase(sqlite, storage, commits);
  const disk = createDiskSync(sqlite.name, storage);
  return {
    orm: drizzle(withKeptStatements(guarded), { schema }),
    sqlite: guarded,
    storage,
    commits,
    disk,
    close() {
      disk.close();
      sqlite.close();
    },
  };
}

/** Whether another connection, of this process or another one, has the file open. Waits for none. */
export function isOpenElsewhere({ sqlite }: AppDatabase): boolean {
  sqlite.pragma('busy_timeout = 0');
  try {
    // Leaving WAL needs the file alone, and that is the only way in which SQLite tells.
    return sqlite.pragma('journal_mode = DELETE', { simple: true }) !== 'delete';
  } catch (error) {
    if (error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY')) return true;
    throw error;
  } finally {
    sqlite.pragma('journal_mode = WAL');
    sqlite.pragma('synchronous = FULL');
    sqlite.pragma(`busy_timeout = ${BUSY_TIMEOUT_MS}`);
  }
}

function requireSetting(sqlite: Database.Database, name: string, expected: string | number): void {
  const actual: unknown = sqlite.pragma(name, { simple: true });
  if (actual === expected) return;
  throw new Error(
    `The database ${sqlite.name} has ${name} = ${String(actual)}, and only ${expected} is safe.`,
  );
}
