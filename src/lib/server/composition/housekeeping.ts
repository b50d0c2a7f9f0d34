import { z } from 'zod';
import { createScheduler } from '../jobs/scheduler.ts';
import { createWorkerPool } from '../jobs/worker-pool.ts';
import { damagedFile, isUnchecked } from '../db/check-database.ts';
import { presentDataFiles } from '../operations/data-files.ts';
import { createCompactionRepository } from '../repositories/compaction-repository.ts';
import { createCompaction } from '../services/housekeeping/compaction.ts';
import type { Accounts } from './accounts.ts';
import type { Foundations } from './foundations.ts';

const second = 1_000;
const minute = 60 * second;
const day = 24 * 60 * minute;

const damageSchema = z.array(z.object({ file: z.string(), damage: z.string() }));

/** What keeps the stored data in order, beside what jobs and people do. One process checks and compacts the files. */
export function createHousekeeping({
  foundations,
  accounts,
}: {
  foundations: Foundations;
  accounts: Accounts;
}) {
  const { settings, db, clock, ids, log } = foundations;
  const stopping = new AbortController();
  const workers = createWorkerPool({ log, mostThreads: 1 });
  const files = () => presentDataFiles(settings.dataDir);
  const compact = createCompaction({
    repository: createCompactionRepository(db),
    compactFiles: () => workers.run('compact-databases', { files: files() }, stopping.signal),
    rest: db.storage.rest,
    audit: accounts.audit,
    clock,
    ids,
  });

  /** A damaged file is written on no more, and the alarm says how to come back. */
  async function checkFiles(): Promise<void> {
    const found = await workers.run('check-databases', { files: files() }, stopping.signal);
    const [first] = damageSchema.parse(found);
    if (first) db.storage.declareDamaged(damagedFile(first.file, first.damage));
  }

  const ofFiles = [
    { id: 'check-files', everyMs: day, atStart: files().some(isUnchecked), run: checkFiles },
    { id: 'compact-files', everyMs: minute, atStart: false, run: compact },
  ];
  const scheduler = createScheduler({
    log,
    paused: () => db.storage.outage() !== null,
    tasks: [
      { id: 'end-sessions', everyMs: second, atStart: false, run: async () => accounts.session.sweep() },
      {
        id: 'drop-registrations',
        everyMs: minute,
        atStart: false,
        run: async () => accounts.registration.sweep(),
      },
      ...(settings.role === 'web' ? [] : ofFiles),
    ],
  });

  return {
    start: scheduler.start,
    async close() {
      stopping.abort();
      await scheduler.close();
      await workers.close();
    },
  };
}
