import { eq } from 'drizzle-orm';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { configFileSchema } from '../../src/lib/contracts/config/config-file.ts';
import { alice, omar } from '../../src/lib/sandbox/people.ts';
import type { Sandbox } from '../../src/lib/sandbox/start-sandbox.ts';
import { createIds } from '../../src/lib/server/clock.ts';
import {
  backgroundJobs,
  confluenceConfigs,
  toolCatalog,
  users,
} from '../../src/lib/server/db/schema/index.ts';
import { createJobs, type Jobs } from '../../src/lib/server/jobs/jobs.ts';
import { createBreakers, type Breakers } from '../../src/lib/server/adapters/resilience.ts';
import { createConnectionRepository } from '../../src/lib/server/repositories/connection-repository.ts';
import { createJobLeaseRepository } from '../../src/lib/server/repositories/job-lease-repository.ts';
import { createJobRepository } from '../../src/lib/server/repositories/job-repository.ts';
import { createToolCatalogRepository } from '../../src/lib/server/repositories/tool-catalog-repository.ts';
import type { Actor, CatalogView, JobView } from '../../src/lib/server/services/services.ts';
import { createEndpoints } from '../../src/lib/server/settings/endpoints.ts';
import { addPerson } from '../support/people.ts';
import { startTestSandbox } from '../support/sandbox.ts';
import { openTempDatabase, type TempDatabase } from '../support/temp-database.ts';

const hour = 3_600_000;
const config = configFileSchema.parse({
  llm: { endpoints: { default: { path: '/chat' } }, dialect: { type: 'json', deltaPath: 'text' } },
});

let sandbox: Sandbox;
let temp: TempDatabase;
let jobs: Jobs;
let breakers: Breakers;
let now: number;
let owner: Actor;
let stranger: Actor;
/** The Jira token that each person's connection holds at the moment. */
let jiraTokens: Record<string, string>;

beforeEach(async () => {
  sandbox = await startTestSandbox();
  temp = openTempDatabase();
  now = Date.now();
  owner = addPerson(temp.db, { employeeId: alice.employeeId, lastSeenAt: now });
  stranger = addPerson(temp.db, { employeeId: omar.employeeId });
  jiraTokens = { [owner.userId]: alice.jiraToken, [stranger.userId]: omar.jiraToken };
  breakers = createBreakers();
  jobs = createTestJobs();
});
afterEach(async () => {
  await jobs.close();
  temp.dispose();
  await sandbox.close();
});

function createTestJobs(): Jobs {
  const { db } = temp;
  const clock = { now: () => now };
  const { jiraUrl, confluenceUrl, llmUrl } = sandbox;
  const endpoints = createEndpoints({
    configStore: { current: () => ({ config }) as never },
    practice: { jiraUrl, confluenceUrl, llmUrl },
  });
  const tls = { verify: true, caPem: null };
  return createJobs({
    repositories: {
      jobs: createJobRepository(db),
      leases: createJobLeaseRepository(db),
      toolCatalog: createToolCatalogRepository(db),
      connections: createConnectionRepository(db),
    },
    credentials: {
      jira: async (userId) => ({ url: jiraUrl, secret: jiraTokens[userId] ?? null, tls }),
      confluence: async () => ({ url: confluenceUrl, secret: alice.confluenceToken, tls }),
    },
    endpoints,
    breakers,
    config: () => config,
    ownPorts: () => [],
    paused: () => false,
    reconcileDue: async () => undefined,
    reapStaleRuns: async () => undefined,
    purgeRemoved: async () => undefined,
    recheckTokens: async () => undefined,
    removeOldModelCalls: async () => undefined,
    processId: 'process-1',
    clock,
    ids: createIds(clock),
    log: pino({ level: 'silent' }),
  });
}

/** The periodic work looks at its lists when it starts. */
async function restart(): Promise<void> {
  await jobs.close();
  jobs = createTestJobs();
  jobs.start();
}

/** As the Configurations page leaves it after a test that passed. */
function passTest(actor: Actor, kind: 'jira' | 'confluence'): void {
  const url = kind === 'jira' ? sandbox.jiraUrl : sandbox.confluenceUrl;
  const verdict = { ok: true, steps: [], identity: actor.employeeId, identityVerified: true, problem: null };
  const test = JSON.stringify({ kind, testedAt: now, url, ...verdict });
  const { orm } = temp.db;
  if (kind === 'jira') orm.update(users).set({ jiraTest: test }).where(eq(users.id, actor.userId)).run();
  else orm.insert(confluenceConfigs).values({ userId: actor.userId, url, test, changedAt: now }).run();
}

/** The person's jobs once they are as told: all ended, unless something else is awaited. */
async function settledJobs(
  actor: Actor,
  areSettled: (all: JobView[]) => boolean = (all) => all.length > 0 && all.every(hasEnded),
): Promise<JobView[]> {
  for (;;) {
    const changed = Promise.withResolvers<void>();
    const stop = jobs.onChanged(() => changed.resolve());
    try {
      const all = await jobs.service.list(actor);
      if (areSettled(all)) return all;
      await changed.promise;
    } finally {
      stop();
    }
  }
}

function hasEnded({ status }: JobView): boolean {
  return status !== 'queued' && status !== 'running';
}

function aFirstTryFailed(all: JobView[]): boolean {
  return all.some(({ status, attempts }) => status === 'queued' && attempts === 1);
}

async function listOf(actor: Actor, serverId: string): Promise<CatalogView> {
  const view = (await jobs.catalog.list(actor)).find((one) => one.serverId === serverId);
  if (!view) throw new Error(`The catalog does not show ${serverId}.`);
  return view;
}

async function readJiraTools(actor: Actor): Promise<void> {
  passTest(actor, 'jira');
  await jobs.catalog.afterSuccessfulTest(actor, 'jira');
  // The clock stands still, so a try that failed would be waited for in vain: better to be told why.
  const all = await settledJobs(actor, (all) => all.every(hasEnded) || aFirstTryFailed(all));
  expect(all[0]).toMatchObject({ status: 'succeeded', problem: null });
}

it('is read at once after a passed test, with the token of the person, in a worker', async () => {
  jobs.start();
  await readJiraTools(owner);
  const view = await listOf(owner, 'jira');
  expect(view).toMatchObject({ fetchedAt: now, stale: false, problem: null });
  const create = view.tools.find(({ name }) => name === 'create_issue');
  expect(create).toMatchObject({
    readOnly: false,
    off: false,
    uses: [expect.stringContaining('create Jira issues')],
  });
  expect(view.capabilities.length).toBeGreaterThan(0);
  expect(await jobs.catalog.hintsFor(owner.userId)).toEqual(view.capabilities);
  expect(sandbox.ledger.entries({ product: 'jira', person: alice.employeeId })).not.toEqual([]);
});

it('belongs to one person', async () => {
  jobs.start();
  await readJiraTools(owner);
  expect(await listOf(stranger, 'jira')).toMatchObject({ tools: [], fetchedAt: null });
  expect(await jobs.catalog.hintsFor(stranger.userId)).toEqual([]);
  expect(await jobs.service.list(stranger)).toEqual([]);
});

it('comes by itself for whoever has tested, once an interval, and for nobody else', async () => {
  passTest(owner, 'jira');
  passTest(owner, 'confluence');
  jobs.start();
  await settledJobs(owner, (all) => all.length === 2 && all.every(hasEnded));
  await restart();
  now += config.mcp.refreshIntervalMinutes * 60_000;
  await restart();
  const all = await settledJobs(owner, (all) => all.length >= 4 && all.every(hasEnded));
  expect(all.map(({ status }) => status)).toEqual(Array(4).fill('succeeded'));
  expect(await jobs.service.list(stranger)).toEqual([]);
});

it('keeps the last good list when a refresh fails, says so, and tries again', async () => {
  jobs.start();
  await readJiraTools(owner);
  const before = await listOf(owner, 'jira');
  sandbox.faults.add({ target: 'jira', effect: { kind: 'reply', status: 503 } });
  now += hour;
  const { jobId } = await jobs.catalog.refresh(owner);
  await settledJobs(owner, aFirstTryFailed);
  expect(await jobs.service.get(owner, jobId)).toMatchObject({ status: 'queued', attempts: 1 });
  const after = await listOf(owner, 'jira');
  expect(after).toMatchObject({ tools: before.tools, fetchedAt: before.fetchedAt });
  expect(after.problem).toMatch(/Jira/);
});

it('leaves a Jira alone that is down: its breaker opens for refreshes as for any other call', async () => {
  jobs.start();
  await readJiraTools(owner);
  sandbox.faults.add({ target: 'jira', effect: { kind: 'reply', status: 503 } });
  for (let tries = 1; tries <= config.jira.breaker.failures; tries++) {
    const { jobId } = await jobs.catalog.refresh(owner);
    await settledJobs(owner, (all) =>
      all.some(({ id, status, attempts }) => id === jobId && status !== 'running' && attempts === tries),
    );
  }
  const jira = breakers.states().find(({ key }) => key === `jira ${sandbox.jiraUrl}`);
  expect(jira).toMatchObject({ state: 'open', lastFailure: { code: 'jira_failed', status: 503 } });
});

it('does not present a refused token twice', async () => {
  jobs.start();
  await readJiraTools(owner);
  jiraTokens[owner.userId] = 'revoked-token-0123456789';
  const { jobId } = await jobs.catalog.refresh(owner);
  await settledJobs(owner);
  expect(await jobs.service.get(owner, jobId)).toMatchObject({ status: 'failed', attempts: 1 });
  expect((await listOf(owner, 'jira')).tools.length).toBeGreaterThan(0);
});

it('switches a writing tool off whose schema changed, until a new test', async () => {
  jobs.start();
  await readJiraTools(owner);
  rememberOtherSchemas('create_issue', 'get_issue');
  await jobs.catalog.refresh(owner);
  await settledJobs(owner);
  const off = (await listOf(owner, 'jira')).tools.filter((tool) => tool.off);
  expect(off.map(({ name }) => name)).toEqual(['create_issue']);
  const usable = await jobs.catalog.usableTools(owner.userId, 'jira');
  expect(usable?.map(({ name }) => name)).not.toContain('create_issue');
  expect((await jobs.catalog.hintsFor(owner.userId)).join('\n')).toContain('create_issue has changed');
  await readJiraTools(owner);
  const usableAgain = await jobs.catalog.usableTools(owner.userId, 'jira');
  expect(usableAgain?.map(({ name }) => name)).toContain('create_issue');
});

/** As if the server had offered other schemas when the person tested it. */
function rememberOtherSchemas(...names: string[]): void {
  const { orm } = temp.db;
  const row = orm.select().from(toolCatalog).where(eq(toolCatalog.serverId, 'jira')).get();
  const tested = JSON.parse(row?.testedSchemas ?? '{}') as Record<string, string>;
  for (const name of names) tested[name] = 'another';
  orm
    .update(toolCatalog)
    .set({ testedSchemas: JSON.stringify(tested) })
    .run();
}

it('is dropped with the token that saw it, and nothing that is still being read comes back', async () => {
  jobs.start();
  await readJiraTools(owner);
  sandbox.faults.add({ target: 'jira', effect: { kind: 'hang' } });
  const { jobId } = await jobs.catalog.refresh(owner);
  await settledJobs(owner, (all) => all.some(({ id, status }) => id === jobId && status === 'running'));
  await jobs.catalog.afterCredentialChange(owner.userId, 'jira');
  await settledJobs(owner);
  expect(await jobs.service.get(owner, jobId)).toMatchObject({ status: 'cancelled' });
  expect(await listOf(owner, 'jira')).toMatchObject({ tools: [], fetchedAt: null });
});

it('is not refreshed before anything was tested', async () => {
  await expect(jobs.catalog.refresh(owner)).rejects.toMatchObject({ code: 'nothing_to_refresh' });
});

it('leaves no token in the database', async () => {
  jobs.start();
  await readJiraTools(owner);
  sandbox.faults.add({ target: 'jira', effect: { kind: 'reply', status: 500, body: alice.jiraToken } });
  await jobs.catalog.refresh(owner);
  await settledJobs(owner, aFirstTryFailed);
  const { orm } = temp.db;
  const rows = [orm.select().from(backgroundJobs).all(), orm.select().from(toolCatalog).all()];
  expect(JSON.stringify(rows)).not.toContain(alice.jiraToken);
});
