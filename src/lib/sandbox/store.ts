import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import BetterSqlite from 'better-sqlite3';
import type { Database } from 'better-sqlite3';

/**
 * Opens `sandbox.db`, the practice world's own file. Each part creates the tables that it needs.
 * @param dataDir a folder (made if missing), or ':memory:' for a world that ends with the process.
 */
export function openStore(dataDir: string): Database {
  if (dataDir !== ':memory:') mkdirSync(dataDir, { recursive: true });
  const db = new BetterSqlite(dataDir === ':memory:' ? ':memory:' : join(dataDir, 'sandbox.db'));
  db.pragma('journal_mode = WAL');
  // A practice world may lose its last moment to a power cut, but not to a killed process.
  db.pragma('synchronous = NORMAL');
  db.pragma('foreign_keys = ON');
  db.exec('CREATE TABLE IF NOT EXISTS seeded (part TEXT PRIMARY KEY) STRICT, WITHOUT ROWID');
  return db;
}

/** Runs `seed` if this file has never seen it, so that what people deleted stays deleted after a restart. */
export function seedOnce(db: Database, part: string, seed: () => void): void {
  db.transaction(() => {
    const inserted = db.prepare('INSERT OR IGNORE INTO seeded (part) VALUES (?)').run(part);
    if (inserted.changes === 1) seed();
  })();
}
