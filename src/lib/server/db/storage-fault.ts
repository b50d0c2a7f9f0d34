import type { StorageFault } from '../../contracts/storage-outage.ts';
import { UnavailableError } from '../errors/app-error.ts';

/** Families of SQLite's result codes that tell of the disk or the file, and not of the statement (sqlite.org/rescode.html). */
const families: [RegExp, StorageFault][] = [
  [/^SQLITE_(CORRUPT|NOTADB|IOERR_CORRUPTFS)/, 'damaged'],
  [/^SQLITE_FULL/, 'full'],
  [/^SQLITE_(IOERR|READONLY|CANTOPEN|PERM)/, 'unwritable'],
];

/** What an error says of the storage, whichever connection it comes from; null where it is about something else. */
export function storageFaultOf(error: unknown): StorageFault | null {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return null;
  const { code } = error;
  return families.find(([pattern]) => pattern.test(code))?.[1] ?? null;
}

const kept = 'Everything from before is kept and can be read.';
const untilRoom = `${kept} Keep your text and try again: saving goes on by itself as soon as the disk takes it.`;

const words: Record<StorageFault, { message: string; hint: string }> = {
  full: { message: 'The server has no room left, so nothing was saved.', hint: untilRoom },
  unwritable: { message: 'The server cannot write to its disk, so nothing was saved.', hint: untilRoom },
  damaged: {
    message: 'The database is damaged, so nothing was saved.',
    hint: 'What can still be read is shown. Keep your text: your administrator has to restore the newest backup.',
  },
  resting: {
    message: 'The database is being tidied up, so nothing was saved.',
    hint: `${kept} Keep your text and try again in a minute.`,
  },
};

/** What whoever wanted to store something is told. */
export function storageError(fault: StorageFault, cause?: unknown): UnavailableError {
  const { message, hint } = words[fault];
  return new UnavailableError(`storage_${fault}`, message, { hint, cause, retryable: fault !== 'damaged' });
}
