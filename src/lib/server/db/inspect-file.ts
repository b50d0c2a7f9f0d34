import Database from 'better-sqlite3';
import { z } from 'zod';

/** What a database file holds, as read without changing it. */
export interface FileInspection {
  /** Sentences; empty when the file is sound. */
  damage: string[];
  /** Rows of each table. */
  rows: Record<string, number>;
  /** How many migrations it has been through, and when the newest was written; zero in files without migrations. */
  migrations: { count: number; newest: number };
  /** Which keys its secrets were sealed with. */
  keyChecks: { keyId: string; check: string }[];
}

const messagesSchema = z.array(z.object({ integrity_check: z.string() }));
const namesSchema = z.array(z.object({ name: z.string() }));
const countSchema = z.object({ count: z.number(), newest: z.number().nullish() });
const checksSchema = z.array(z.object({ keyId: z.string(), check: z.string() }));

/** Reads a database file that nobody writes on. Throws nothing for a damaged one: `damage` says what is wrong. */
export function inspectDatabaseFile(file: string): FileInspection {
  const nothing = { rows: {}, migrations: { count: 0, newest: 0 }, keyChecks: [] };
  let sqlite: Database.Database | undefined;
  try {
    sqlite = new Database(file, { readonly: true, fileMustExist: true });
    const damage = [...brokenPages(sqlite), ...brokenReferences(sqlite)];
    return damage.length > 0 ? { damage, ...nothing } : { damage, ...contentsOf(sqlite) };
  } catch (error) {
    if (!(error instanceof Database.SqliteError)) throw error;
    return { damage: [`it cannot be read as a database (${error.message})`], ...nothing };
  } finally {
    sqlite?.close();
  }
}

function brokenPages(sqlite: Database.Database): string[] {
  return messagesSchema
    .parse(sqlite.pragma('integrity_check(20)'))
    .map(({ integrity_check }) => integrity_check)
    .filter((message) => message !== 'ok');
}

function brokenReferences(sqlite: Database.Database): string[] {
  const broken = z.array(z.unknown()).parse(sqlite.pragma('foreign_key_check'));
  return broken.length === 0 ? [] : [`${broken.length} rows refer to rows that are not there`];
}

function contentsOf(sqlite: Database.Database): Omit<FileInspection, 'damage'> {
  const tables = namesSchema
    .parse(sqlite.prepare("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").all())
    .map(({ name }) => name);
  const count = (table: string, newest = 'NULL') =>
    countSchema.parse(
      sqlite
        .prepare(`SELECT count(*) AS count, ${newest} AS newest FROM "${table.replaceAll('"', '""')}"`)
        .get(),
    );
  const migrated = tables.includes('__drizzle_migrations')
    ? count('__drizzle_migrations', 'max(created_at)')
    : { count: 0, newest: 0 };
  return {
    rows: Object.fromEntries(tables.map((table) => [table, count(table).count])),
    migrations: { count: migrated.count, newest: migrated.newest ?? 0 },
    keyChecks: tables.includes('keyring_check')
      ? checksSchema.parse(sqlite.prepare('SELECT key_id AS keyId, "check" FROM keyring_check').all())
      : [],
  };
}
