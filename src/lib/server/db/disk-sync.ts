import { closeSync, fdatasync, fstatSync, openSync } from 'node:fs';
import { promisify } from 'node:util';
import type { StorageGuard } from './storage-guard.ts';

/**
 * Waits for the disk beside the main thread, for commits that were made without waiting for it. Those that come while
 * the disk is at work share the next wait.
 */
export interface DiskSync {
  /** Notes a commit of which nobody may be told before the disk has it. */
  owe(): void;
  /** Whether there is such a commit now. */
  owes(): boolean;
  /**
   * Resolves once the disk has every commit that is owed at the call; at once where none is. Rejects with
   * UnavailableError `storage_...` where the disk refuses, and the next call tries again.
   */
  settled(): Promise<void>;
  close(): void;
}

type SyncFile = (fd: number) => Promise<void>;

/** For the database in `file`, which is in WAL mode: what is committed lies in its log. */
export function createDiskSync(
  file: string,
  { explain }: Pick<StorageGuard, 'explain'>,
  syncFile: SyncFile = promisify(fdatasync),
): DiskSync {
  let log: number | null = null;
  let owed = 0;
  let synced = 0;
  let underWay: Promise<void> | null = null;

  return {
    owe: () => void (owed += 1),
    owes: () => synced < owed,
    async settled() {
      const wanted = owed;
      // Twice at most: a wait that had begun before the commit does not count for it.
      while (synced < wanted) await (underWay ??= syncOnce());
    },
    close() {
      if (log !== null) closeSync(log);
      log = null;
    },
  };

  async function syncOnce(): Promise<void> {
    const upTo = owed;
    try {
      await syncFile(openLog());
      synced = Math.max(synced, upTo);
    } catch (error) {
      throw explain(asSqliteWouldSay(error));
    } finally {
      underWay = null;
    }
  }

  /** SQLite deletes the log when the last connection leaves WAL mode, and makes a new one afterwards. */
  function openLog(): number {
    if (log !== null && fstatSync(log).nlink === 0) {
      closeSync(log);
      log = null;
    }
    log ??= openSync(`${file}-wal`, 'r+');
    return log;
  }
}

function asSqliteWouldSay(cause: unknown): Error {
  const code = (cause as NodeJS.ErrnoException | null)?.code;
  const isFull = code === 'ENOSPC' || code === 'EDQUOT';
  return Object.assign(new Error('The disk did not take what was committed.', { cause }), {
    code: isFull ? 'SQLITE_FULL' : 'SQLITE_IOERR_FSYNC',
  });
}
