import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** The databases of the data folder. The first is written before the others in whatever concerns several of them. */
export const dataFileNames = ['app.db', 'checkpoints.db'] as const;

/** Those that are there: the file of checkpoints comes with the first run. */
export function presentDataFiles(dataDir: string): string[] {
  return dataFileNames.map((name) => join(dataDir, name)).filter((file) => existsSync(file));
}

/** For the names of folders: sorts by time, and has no sign that a file system refuses. */
export function folderStamp(at: number): string {
  return new Date(at).toISOString().replaceAll(/[-:]/g, '').replace('.', '-');
}
