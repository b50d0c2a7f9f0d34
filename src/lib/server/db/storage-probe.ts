import type Database from 'better-sqlite3';

/** As much as a step of a run stores, and more: with less room than that the next refusal would follow at once. */
const probeBytes = 1024 * 1024;

/** Stores something and deletes it again, each for good. Throws what SQLite says when the disk does not take it. */
export function probeStorage(sqlite: Database.Database): void {
  sqlite
    .transaction(() => {
      sqlite.prepare('DELETE FROM storage_probe').run();
      sqlite.prepare('INSERT INTO storage_probe (filler) VALUES (zeroblob(?))').run(probeBytes);
    })
    .immediate();
  sqlite.prepare('DELETE FROM storage_probe').run();
}
