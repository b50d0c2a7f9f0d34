import type { AppDatabase } from './connection.ts';

/**
 * Writes the file anew without what was deleted from it, and empties its log: until then deleted text still lies in
 * free pages. Needs as much room again as the file takes, and holds up every writer for 10 to 30 ms a
 * megabyte. Safe to repeat.
 */
export function compactDatabase({ sqlite }: Pick<AppDatabase, 'sqlite'>): void {
  sqlite.exec('VACUUM');
  sqlite.pragma('wal_checkpoint(TRUNCATE)');
}
