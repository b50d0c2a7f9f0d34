import { statSync } from 'node:fs';
import { join } from 'node:path';

/** Bytes that the database takes on disk, its log included. */
export function databaseBytes(dataDir: string): number {
  return ['app.db', 'app.db-wal']
    .map((name) => statSync(join(dataDir, name), { throwIfNoEntry: false })?.size ?? 0)
    .reduce((sum, size) => sum + size, 0);
}
