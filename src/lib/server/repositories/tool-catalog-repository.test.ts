import { afterEach, beforeEach, expect, it } from 'vitest';
import { addPerson } from '../../../../tests/support/people.ts';
import { openTempDatabase, type TempDatabase } from '../../../../tests/support/temp-database.ts';
import { toolCatalog } from '../db/schema/index.ts';
import { createToolCatalogRepository } from './tool-catalog-repository.ts';

const now = 1_000_000;
const before = now - 1_000;
const jira = { serverId: 'jira', product: 'jira' } as const;

let temp: TempDatabase;
beforeEach(() => (temp = openTempDatabase()));
afterEach(() => temp.dispose());

function addTester(employeeId: string, person: Parameters<typeof addPerson>[1] = {}): string {
  return addPerson(temp.db, {
    employeeId,
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
  expect(await repository.dueForRefresh(jira, { before, now }, 10)).toEqual([never, old, future]);
  expect(await repository.dueForRefresh(jira, { before, now }, 2)).toEqual([never, old]);
});

it('passes over whoever is disabled, or has no passed test of what is now stored', async () => {
  addTester('disabled', { disabledAt: 1 });
  addTester('untested', { jiraTest: null });
  addTester('failed', { jiraTest: test({ ok: false, testedAt: 10 }) });
  addTester('saved-since', { jiraChangedAt: 11 });
  const repository = createToolCatalogRepository(temp.db);
  expect(await repository.dueForRefresh(jira, { before, now }, 10)).toEqual([]);
  const confluence = { serverId: 'confluence', product: 'confluence' } as const;
  expect(await repository.dueForRefresh(confluence, { before, now }, 10)).toEqual([]);
});
