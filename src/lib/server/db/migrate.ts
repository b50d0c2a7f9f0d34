import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { migrate } from 'drizzle-orm/better-sqlite3/migrator';
import { z } from 'zod';
import { AppError } from '../errors/app-error.ts';
import type { AppDatabase } from './connection.ts';

const journalSchema = z.object({ entries: z.array(z.object({ when: z.number() })).min(1) });
const appliedSchema = z.object({ count: z.number(), newest: z.number().nullable() });

/**
 * Brings the database up to the migrations in `folder` (the repository's `drizzle/`): all of them or, when one
 * fails, none. Returns how many were applied. Throws, changing nothing, when a newer build has written the file:
 * going back needs the backup that was made before the upgrade.
 */
export function migrateDatabase(db: AppDatabase, folder: string): number {
  const before = appliedMigrations(db);
  if (before.newest !== null && before.newest > newestMigration(folder)) {
    throw new AppError('database_too_new', 'This database was written by a newer version of Backlogue.', {
      hint: 'Start that version, or restore the backup from before the upgrade. Nothing was changed.',
    });
  }

  // A migration that rebuilds a table drops the old one. With foreign keys on, that drop would delete every row
  // that refers to it, and the PRAGMA has no effect once the migrator's transaction has begun.
  db.sqlite.pragma('foreign_keys = OFF');
  try {
    migrate(db.orm, { migrationsFolder: folder });
  } finally {
    db.sqlite.pragma('foreign_keys = ON');
  }
  requireSoundReferences(db);
  return appliedMigrations(db).count - before.count;
}

/** When the newest migration in `folder` was written, in milliseconds since 1970. */
export function newestMigration(folder: string): number {
  const known = journalSchema.parse(JSON.parse(readFileSync(join(folder, 'meta', '_journal.json'), 'utf8')));
  return Math.max(...known.entries.map((entry) => entry.when));
}

/** Whether every migration in `folder` has been applied: what readiness asks. */
export function isMigrated(db: AppDatabase, folder: string): boolean {
  if (!existsSync(join(folder, 'meta', '_journal.json'))) return false;
  const known = journalSchema.parse(JSON.parse(readFileSync(join(folder, 'meta', '_journal.json'), 'utf8')));
  return appliedMigrations(db).count === known.entries.length;
}

function appliedMigrations(db: AppDatabase): z.infer<typeof appliedSchema> {
  const table = db.sqlite
    .prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = '__drizzle_migrations'")
    .get();
  if (table === undefined) return { count: 0, newest: null };
  return appliedSchema.parse(
    db.sqlite.prepare('SELECT count(*) AS count, max(created_at) AS newest FROM __drizzle_migrations').get(),
  );
}

function requireSoundReferences(db: AppDatabase): void {
  const broken = db.sqlite.pragma('foreign_key_check');
  if (Array.isArray(broken) && broken.length > 0) {
    throw new AppError('database_damaged', `${broken.length} rows refer to rows that are not there.`, {
      hint: 'Restore the backup from before the upgrade: npm run restore -- FOLDER.',
    });
  }
}
