import { afterEach, beforeEach, expect, it } from 'vitest';
import { addPerson } from '../../../../tests/support/people.ts';
import { openTempDatabase, type TempDatabase } from '../../../../tests/support/temp-database.ts';
import { toolCatalog } from '../db/schema/index.ts';
import { createToolCatalogRepository } from './tool-catalog-repository.ts';

const now = 1_000_000;
/** Every share of it, from 80 to 100 percent, has passed for `before`, and none for `now`. */
const times = { now, intervalMs: 1_000, seenSince: 100 };
const before = now - 1_000;
const jira = { serverId: 'jira', product: 'jira' } as const;

let temp: TempDatabase;
beforeEach(() => (temp = openTempDatabase()));
afterEach(() => temp.dispose());

function addTester(employeeId: string, person: Parameters<typeof addPerson>[1] = {}): string {
  return addPerson(temp.db, {
    employeeId,
    lastSeenAt: 100,
    jiraTest: test({ ok: true, testedAt: 10 }),
    jiraChangedAt: 5,
    ...person,
  }).userId;
}

function test(verdict: { ok: boolean; testedAt: number }): string {
  return JSON.stringify(verdict);
}

function refreshed(userId: string, refreshedAt: number): void {
  const empty = { tools: '[]', capabilities: '[]', fetchedAt: refreshedAt, ttlMs: 0 };
  temp.db.orm
    .insert(toolCatalog)
    .values({ userId, serverId: 'jira', refreshedAt, ...empty })
    .run();
}

it('finds whose list was never read, is old, or lies in the future of a clock that went back', async () => {
  const never = addTester('never');
  refreshed(addTester('fresh'), now);
  const old = addTester('old');
  refreshed(old, before);
  const future = addTester('future');
  refreshed(future, now + 1);
  const repository = createToolCatalogRepository(temp.db);
  expect(await repository.dueForRefresh(jira, times, 10)).toEqual([never, old, future]);
  expect(await repository.dueForRefresh(jira, times, 2)).toEqual([never, old]);
});

it('spreads people over the last fifth of the interval, each always at the same place', async () => {
  const ids = Array.from({ length: 40 }, (_, n) => `01JABCDEF${(n * 7_919).toString(36).padStart(5, '0')}`);
  for (const id of ids) refreshed(addTester(id, { id }), now);
  const repository = createToolCatalogRepository(temp.db);
  const dueAfter = async (percent: number) =>
    new Set(await repository.dueForRefresh(jira, { ...times, now: now + 10 * percent }, 100));
  expect((await dueAfter(79)).size).toBe(0);
  const half = await dueAfter(90);
  expect(half.size).toBeGreaterThan(5);
  expect(half.size).toBeLessThan(35);
  expect(await dueAfter(90)).toEqual(half);
  expect((await dueAfter(100)).size).toBe(40);
});

it('passes over whoever was not seen lately, and takes whoever came back', async () => {
  addTester('away', { lastSeenAt: 99 });
  const back = addTester('back', { lastSeenAt: 100 });
  const newcomer = addTester('newcomer', { lastSeenAt: null, createdAt: 100 });
  const repository = createToolCatalogRepository(temp.db);
  expect(await repository.dueForRefresh(jira, times, 10)).toEqual([back, newcomer]);
});

it('passes over whoever is disabled, or has no passed test of what is now stored', async () => {
  addTester('disabled', { disabledAt: 1 });
  addTester('untested', { jiraTest: null });
  addTester('failed', { jiraTest: test({ ok: false, testedAt: 10 }) });
  addTester('saved-since', { jiraChangedAt: 11 });
  const repository = createToolCatalogRepository(temp.db);
  expect(await repository.dueForRefresh(jira, times, 10)).toEqual([]);
  const confluence = { serverId: 'confluence', product: 'confluence' } as const;
  expect(await repository.dueForRefresh(confluence, times, 10)).toEqual([]);
});
