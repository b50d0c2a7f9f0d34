import type { StorageOutage } from '../../contracts/storage-outage.ts';
import type { StorageGuard } from '../db/storage-guard.ts';
import type { Logger } from '../observability/logger.ts';
import type { Metrics } from '../observability/metrics.ts';

interface StorageWatchDeps {
  storage: StorageGuard;
  log: Logger;
  metrics: Pick<Metrics, 'storageFaults' | 'observe'>;
}

/** Often enough that people hardly notice that room was made; each try writes a megabyte at most. */
const tryEveryMs = 2_000;

/**
 * Raises the alarm when nothing can be stored any more, in log and metrics, and ends it when it can: the disk is tried
 * until then. `then` runs each time that it can again.
 */
export function watchStorage({ storage, log, metrics }: StorageWatchDeps) {
  const afterwards: (() => unknown)[] = [];
  metrics.observe({ storageWritable: () => storage.outage() === null });
  const timer = setInterval(storage.tryAgain, tryEveryMs);
  timer.unref();
  let last: StorageOutage | null = null;
  storage.onChange((outage, err) => {
    if (outage !== null) raise(outage, err);
    else if (last !== null) over(last);
    last = outage;
  });

  function raise({ fault }: StorageOutage, err: unknown): void {
    if (fault === 'resting') return;
    metrics.storageFaults.inc({ fault });
    log.fatal({ err, alarm: `storage_${fault}`, outcome: 'failed' }, alarms[fault]);
  }

  function over({ fault }: StorageOutage): void {
    if (fault !== 'resting')
      log.warn({ alarm_over: `storage_${fault}`, outcome: 'ok' }, 'The database takes writes again');
    for (const work of afterwards)
      Promise.resolve()
        .then(work)
        .catch((err: unknown) => log.error({ err, outcome: 'failed' }, 'Work that waited for the database'));
  }

  return {
    then: (work: () => unknown) => void afterwards.push(work),
    close: () => clearInterval(timer),
  };
}

const alarms = {
  full: 'No room is left: nothing is stored until there is some',
  unwritable: 'The disk refuses writes: nothing is stored until it takes them',
  damaged: 'The database is damaged: nothing is stored any more. Stop, and restore the newest backup',
};

/** For readiness: why nothing can be stored. */
export function storageHealth({ outage }: Pick<StorageGuard, 'outage'>): { ok: boolean; detail: string } {
  const now = outage();
  if (now === null) return { ok: true, detail: 'writable' };
  return { ok: false, detail: `read-only since ${new Date(now.since).toISOString()}: ${reasons[now.fault]}` };
}

const reasons = {
  full: 'no room is left',
  unwritable: 'the disk refuses writes',
  damaged: 'the file is damaged; stop, and run `npm run restore -- FOLDER` with the newest backup',
  resting: 'it is being written anew',
};
