import type { StorageFault, StorageOutage } from '../../contracts/storage-outage.ts';
import { storageError, storageFaultOf } from './storage-fault.ts';

type ChangeListener = (outage: StorageOutage | null, cause: unknown) => void;

/**
 * Keeps the database read-only from the first write that the disk refused until one succeeds again, so that nothing is
 * half stored in between and nobody is told that something was saved. A damaged file stays read-only until the process
 * ends: writing on would damage more.
 */
export interface StorageGuard {
  outage(): StorageOutage | null;
  /** @throws UnavailableError `storage_...` while nothing can be stored. */
  requireWritable(): void;
  /** What a database error is to its caller: one about the storage is noted, and comes back as UnavailableError. */
  explain(error: unknown): unknown;
  /** Tries whether there is room again, if that may help. */
  tryAgain(): void;
  /** Nothing is stored while `work` runs, which writes the file anew. Does nothing during another outage. */
  rest<T>(work: () => Promise<T>): Promise<T | null>;
  /** A check of the file found it damaged. */
  declareDamaged(cause: Error): void;
  /** Called at each change; its cause is the database's error. */
  onChange(listener: ChangeListener): void;
}

/** `probe` stores something for good, or throws what SQLite says. */
export function createStorageGuard({
  probe,
  now = Date.now,
}: {
  probe: () => void;
  now?: () => number;
}): StorageGuard {
  let outage: StorageOutage | null = null;
  const listeners = new Set<ChangeListener>();

  function change(fault: StorageFault | null, cause?: unknown): void {
    // What is damaged does not get better by being full as well.
    if (outage?.fault === (fault ?? undefined) || (outage?.fault === 'damaged' && fault !== null)) return;
    outage = fault === null ? null : { fault, since: now() };
    for (const listener of listeners) listener(outage, cause);
  }

  return {
    outage: () => outage,
    requireWritable() {
      if (outage) throw storageError(outage.fault);
    },
    explain(error) {
      const fault = storageFaultOf(error);
      if (fault === null) return error;
      change(fault, error);
      return storageError(fault, error);
    },
    declareDamaged: (cause) => change('damaged', cause),
    tryAgain() {
      if (outage?.fault !== 'full' && outage?.fault !== 'unwritable') return;
      try {
        probe();
        change(null);
      } catch (error) {
        // Still the same, or worse; anything that is not about the storage comes again at the next try.
        const fault = storageFaultOf(error);
        if (fault !== null) change(fault, error);
      }
    },
    async rest(work) {
      if (outage) return null;
      change('resting');
      try {
        return await work();
      } finally {
        if (outage && (outage as StorageOutage).fault === 'resting') change(null);
      }
    },
    onChange: (listener) => void listeners.add(listener),
  };
}
