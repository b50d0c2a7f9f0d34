import { join } from 'node:path';
import { alice } from '../../src/lib/sandbox/people.ts';
import { createIds, systemClock } from '../../src/lib/server/clock.ts';
import { openDatabase, type AppDatabase } from '../../src/lib/server/db/connection.ts';
import { users } from '../../src/lib/server/db/schema/index.ts';
import { toolRefreshJob } from '../../src/lib/server/jobs/tool-refresh.ts';
import { sealedPlaces } from '../../src/lib/server/repositories/connection-repository.ts';
import { createJobRepository } from '../../src/lib/server/repositories/job-repository.ts';
import { createVault } from '../../src/lib/server/security/encryption.ts';
import { openKeyring } from '../../src/lib/server/security/keyring.ts';

export interface SeededRefreshes {
  /** How many of them have not ended yet, and how many went wrong. */
  state(): { unfinished: number; failed: number };
  close(): void;
}

/**
 * Makes people in a running product's database, each with a token of their own sealing and a passed test of that Jira,
 * and queues a refresh of everybody's tool list at once: more than the product itself would ever do at a time.
 */
export async function seedRefreshes(
  dataFolder: string,
  jiraUrl: string,
  people: number,
): Promise<SeededRefreshes> {
  const db = openDatabase(join(dataFolder, 'app.db'));
  const userIds = addPeople(db, join(dataFolder, '../keys/backlogue.key'), jiraUrl, people);
  const jobs = createJobRepository(db);
  const ids = createIds(systemClock);
  const now = systemClock.now();
  for (const userId of userIds) {
    const job = toolRefreshJob({ userId, serverId: 'jira', afterTest: false }, null);
    await jobs.enqueue({ ...job, id: ids.next(), runAt: now }, now, false);
  }
  return {
    state() {
      const { queued = 0, running = 0, failed = 0 } = jobs.countByStatus();
      return { unfinished: queued + running, failed };
    },
    close: () => db.close(),
  };
}

function addPeople(db: AppDatabase, keyFile: string, jiraUrl: string, count: number): string[] {
  const vault = createVault(openKeyring({ file: keyFile, env: null, mayCreate: false }));
  const ids = createIds(systemClock);
  const now = systemClock.now();
  const test = {
    kind: 'jira',
    ok: true,
    testedAt: now,
    steps: [],
    identity: alice.employeeId,
    identityVerified: true,
    problem: null,
    url: jiraUrl,
  };
  const rows = Array.from({ length: count }, (_, n) => {
    const id = ids.next();
    const employeeId = `S${String(n).padStart(5, '0')}`;
    return {
      id,
      employeeId,
      name: `Seeded ${n}`,
      email: `${employeeId}@example.test`,
      displayName: `Seeded ${n}`,
      hashedPassword: 'none',
      encryptedJiraPat: vault.seal(alice.jiraToken, { userId: id, ...sealedPlaces.jira.secret }),
      jiraUrl,
      jiraTest: JSON.stringify(test),
      jiraChangedAt: now,
      createdAt: now,
      updatedAt: now,
      lastSeenAt: now,
    };
  });
  db.orm.transaction((tx) => rows.forEach((row) => tx.insert(users).values(row).run()));
  return rows.map(({ id }) => id);
}
