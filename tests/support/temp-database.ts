import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openDatabase, type AppDatabase } from '../../src/lib/server/db/connection.ts';
import { migrateDatabase } from '../../src/lib/server/db/migrate.ts';

export const migrationsFolder = fileURLToPath(new URL('../../drizzle', import.meta.url));

export interface TempDatabase extends Disposable {
  db: AppDatabase;
  /** The database file, alone in its folder, to open a second time or to damage. */
  file: string;
  folder: string;
  dispose(): void;
}

/** A migrated, empty database of its own, real and on disk. Migrations run once a test process; each call copies. */
export function openTempDatabase(): TempDatabase {
  const folder = mkdtempSync(join(tmpdir(), 'backlogue-db-'));
  const file = join(folder, 'app.db');
  copyFileSync(migratedDatabaseFile(), file);
  const db = openDatabase(file);
  const dispose = () => {
    db.close();
    rmSync(folder, { recursive: true, force: true });
  };
  return { db, file, folder, dispose, [Symbol.dispose]: dispose };
}

let template: string | null = null;

/** A migrated, empty database, to be copied and never opened. */
export function migratedDatabaseFile(): string {
  if (template !== null) return template;
  const folder = mkdtempSync(join(tmpdir(), 'backlogue-template-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'app.db');
  const db = openDatabase(file);
  migrateDatabase(db, migrationsFolder);
  // Closing folds the write-ahead log back, so that the one file is the whole database.
  db.close();
  template = file;
  return file;
}
