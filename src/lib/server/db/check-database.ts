import { statSync } from 'node:fs';
import { basename } from 'node:path';
import Database from 'better-sqlite3';
import { z } from 'zod';
import { AppError } from '../errors/app-error.ts';
import { storageFaultOf } from './storage-fault.ts';

const messagesSchema = z.array(z.object({ quick_check: z.string() }));

/** What is wrong with the structure of a database file, as sentences; empty when it is sound. It may be in use. */
export function damageOf(file: string): string[] {
  let sqlite: Database.Database | undefined;
  try {
    sqlite = new Database(file, { fileMustExist: true });
    return messagesSchema
      .parse(sqlite.pragma('quick_check(5)'))
      .map(({ quick_check }) => quick_check)
      .filter((message) => message !== 'ok');
  } catch (error) {
    if (storageFaultOf(error) !== 'damaged') throw error;
    return [error instanceof Error ? error.message : 'it cannot be read'];
  } finally {
    sqlite?.close();
  }
}

/** A check takes 4 to 6 ms a megabyte: a start may wait that long for files up to here. Larger ones are checked beside it. */
const quickToCheckBytes = 32 * 1024 * 1024;

/**
 * Checks the files that are small enough, before anything is written to them.
 * @throws AppError `database_damaged` with the way to restore.
 */
export function refuseDamaged(files: readonly string[]): void {
  for (const file of files) {
    if (isUnchecked(file)) continue;
    const [damage] = damageOf(file);
    if (damage !== undefined) throw damagedFile(file, damage);
  }
}

/** Whether a start leaves the file to be checked beside it. */
export function isUnchecked(file: string): boolean {
  return statSync(file).size > quickToCheckBytes;
}

export function damagedFile(file: string, damage: string): AppError {
  return new AppError('database_damaged', `The database ${basename(file)} is damaged: ${damage}.`, {
    hint: 'Restore the newest backup: npm run restore -- FOLDER. It keeps the damaged files aside.',
  });
}
