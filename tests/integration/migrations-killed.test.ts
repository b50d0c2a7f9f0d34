import { copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { drizzle } from 'drizzle-orm/better-sqlite3';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { migrationsFolder, openTempDatabase } from '../support/temp-database.ts';
import { openDatabase, type AppDatabase } from '../../src/lib/server/db/connection.ts';
import { createCommitWait } from '../../src/lib/server/db/commit-wait.ts';
import { createDiskSync } from '../../src/lib/server/db/disk-sync.ts';
import { migrateDatabase } from '../../src/lib/server/db/migrate.ts';
import * as schema from '../../src/lib/server/db/schema/index.ts';
import { createStorageGuard } from '../../src/lib/server/db/storage-guard.ts';

const journalSchema = z.looseObject({ entries: z.array(z.looseObject({ when: z.number() })) });
const journal = journalSchema.parse(
  JSON.parse(readFileSync(join(migrationsFolder, 'meta/_journal.json'), 'utf8')),
);
const versions = journal.entries.length;
const earlier = Array.from({ length: versions }, (_, version) => version);

describe('An upgrade that is killed', () => {
  it.each(earlier)('from version %i leaves the old or the new version at every statement', (version) => {
    using temp = openTempDatabase();
    const old = databaseOf(version, temp.folder);
    const oldShape = shapeOf(old);

    const crashes = migratedWithCrashes(old, temp.folder);
    const newShape = shapeOf(old);

    expect(crashes.length).toBeGreaterThan(0);
    expect(newShape.applied).toBe(versions);
    let upgraded = 0;
    for (const crash of crashes) {
      const found = shapeOf(crash);
      if (found.applied === version) expect(found).toEqual(oldShape);
      else {
        upgraded += 1;
        expect(found).toEqual(newShape);
      }
      // And the next start goes on from there.
      const reopened = openDatabase(crash);
      migrateDatabase(reopened, migrationsFolder);
      reopened.close();
      expect(shapeOf(crash)).toEqual(newShape);
    }
    // Only what runs after the commit may find the new version.
    expect(upgraded).toBeLessThan(crashes.length);
  });
});

/** A database as the build with the first `version` migrations wrote it, with somebody in it. */
function databaseOf(version: number, folder: string): string {
  const file = join(folder, 'old.db');
  const db = openDatabase(file);
  if (version > 0) {
    const migrations = join(folder, 'migrations');
    mkdirSync(migrations);
    cpSync(migrationsFolder, migrations, { recursive: true });
    const entries = journal.entries.slice(0, version);
    writeFileSync(join(migrations, 'meta/_journal.json'), JSON.stringify({ ...journal, entries }));
    migrateDatabase(db, migrations);
    db.sqlite
      .prepare("INSERT INTO keyring_check (key_id, \"check\", created_at) VALUES ('kept', 'kept', 0)")
      .run();
  }
  db.close();
  return file;
}

/**
 * Migrates `file`; before each statement takes the files as a killed process would leave them: what it wrote is with
 * the system, what it held in memory is lost.
 */
function migratedWithCrashes(file: string, folder: string): string[] {
  const crashes: string[] = [];
  const sqlite = new Database(file, {
    verbose: () => {
      const crash = join(folder, `crash-${crashes.length}.db`);
      for (const end of ['', '-wal']) if (existsSync(file + end)) copyFileSync(file + end, crash + end);
      crashes.push(crash);
    },
  });
  sqlite.pragma('journal_mode = WAL');
  sqlite.pragma('synchronous = FULL');
  const storage = createStorageGuard({ probe: () => undefined });
  const db: AppDatabase = {
    orm: drizzle(sqlite, { schema }),
    sqlite,
    storage,
    commits: createCommitWait(sqlite),
    disk: createDiskSync(file, storage),
    close: () => sqlite.close(),
  };
  migrateDatabase(db, migrationsFolder);
  db.close();
  return crashes;
}

/** Tables, indexes, applied migrations and the row that was there before. */
function shapeOf(file: string) {
  const { sqlite, close } = openDatabase(file);
  // The migrator makes its own table before its transaction begins: empty, it is still the old version.
  const objects = sqlite
    .prepare(
      "SELECT type, name, sql FROM sqlite_master WHERE tbl_name <> '__drizzle_migrations' ORDER BY name",
    )
    .all();
  const has = (table: string) =>
    sqlite.prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?").get(table) !== undefined;
  const count = (table: string) =>
    has(table) ? Number(sqlite.prepare(`SELECT count(*) FROM ${table}`).pluck().get()) : 0;
  const shape = { objects, applied: count('__drizzle_migrations'), kept: count('keyring_check') };
  close();
  return shape;
}
