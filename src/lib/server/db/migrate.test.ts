import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { addPerson } from '../../../../tests/support/people.ts';
import { migrationsFolder, openTempDatabase } from '../../../../tests/support/temp-database.ts';
import { isMigrated, migrateDatabase } from './migrate.ts';

describe('migrateDatabase', () => {
  it('applies nothing to a database that is up to date', () => {
    using temp = openTempDatabase();
    expect(migrateDatabase(temp.db, migrationsFolder)).toBe(0);
    expect(isMigrated(temp.db, migrationsFolder)).toBe(true);
  });

  it('keeps the rows that refer to a table which a migration rebuilds', () => {
    using temp = openTempDatabase();
    const ada = addPerson(temp.db);
    temp.db.sqlite
      .prepare("INSERT INTO preference (user_id, key, value, updated_at) VALUES (?, 'theme', '1', 0)")
      .run(ada.userId);
    const folder = withMigration(
      temp.folder,
      'CREATE TABLE `copy` AS SELECT * FROM `preference`;--> statement-breakpoint\n' +
        'CREATE TABLE `new_user` (`id` text PRIMARY KEY NOT NULL);--> statement-breakpoint\n' +
        'INSERT INTO `new_user` SELECT `id` FROM `user`;--> statement-breakpoint\n' +
        'DROP TABLE `user`;--> statement-breakpoint\nALTER TABLE `new_user` RENAME TO `user`;',
    );

    expect(isMigrated(temp.db, folder)).toBe(false);
    expect(migrateDatabase(temp.db, folder)).toBe(1);

    expect(temp.db.sqlite.prepare('SELECT count(*) AS n FROM preference').get()).toEqual({ n: 1 });
    expect(temp.db.sqlite.pragma('foreign_keys', { simple: true })).toBe(1);
  });

  it('leaves everything as it was when a migration fails halfway', () => {
    using temp = openTempDatabase();
    const folder = withMigration(
      temp.folder,
      'CREATE TABLE `half` (`id` text);--> statement-breakpoint\nCREATE NONSENSE;',
    );

    expect(() => migrateDatabase(temp.db, folder)).toThrow();

    expect(temp.db.sqlite.prepare("SELECT 1 FROM sqlite_master WHERE name = 'half'").get()).toBeUndefined();
    expect(isMigrated(temp.db, migrationsFolder)).toBe(true);
    expect(temp.db.sqlite.pragma('foreign_keys', { simple: true })).toBe(1);
  });

  it('refuses a database that a newer build has written', () => {
    using temp = openTempDatabase();
    const newer = withMigration(temp.folder, 'CREATE TABLE `later` (`id` text);');
    migrateDatabase(temp.db, newer);
    expect(() => migrateDatabase(temp.db, migrationsFolder)).toThrow('newer version');
  });
});

/** The real migrations and one more. */
function withMigration(parent: string, sql: string): string {
  const folder = join(parent, 'migrations');
  mkdirSync(folder);
  cpSync(migrationsFolder, folder, { recursive: true });
  const journalFile = join(folder, 'meta', '_journal.json');
  const journal = JSON.parse(readFileSync(journalFile, 'utf8'));
  const last = journal.entries.at(-1);
  journal.entries.push({ ...last, idx: last.idx + 1, when: last.when + 1, tag: '9999_next' });
  writeFileSync(journalFile, JSON.stringify(journal));
  writeFileSync(join(folder, '9999_next.sql'), sql);
  return folder;
}
