import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { alice, omar } from '../../../src/lib/sandbox/people.ts';
import type { Services } from '../../../src/lib/server/services/services.ts';
import { startApp, type RunningApp, type SignedIn } from '../../support/running-app.ts';

let running: RunningApp;
let services: Services;
let her: SignedIn;
let him: SignedIn;
beforeAll(async () => {
  running = await startApp();
  services = running.app.services;
  [her, him] = [await running.join(alice), await running.join(omar)];
});
afterAll(() => running.close());

test('Each person sees the projects of their own token', async () => {
  const keys = async ({ actor }: SignedIn) =>
    (await services.workspace.projects(actor)).map(({ key }) => key);
  expect((await keys(her)).sort()).toEqual(['DEMO', 'OPS']);
  expect(await keys(him)).toEqual(['DEMO']);
});

test('Pages and issues are found by words of their title; one system that is down hides nothing of the other', async () => {
  const { workspace } = services;
  const places = async (words: string) =>
    (await workspace.findSources(her.actor, words)).sources.map(({ kind, place }) => `${kind} ${place}`);
  expect(await places('billing exp')).toContainEqual(expect.stringMatching(/^page /));
  expect(await places('export inv')).toContain('issue DEMO-5');
  expect(await workspace.findSources(her.actor, 'EXPORT AND NOT (" invoices')).toMatchObject({
    unreached: [],
  });
  expect(await workspace.findSources(her.actor, ' "*" ')).toEqual({ sources: [], unreached: [] });

  const faults = running.app.sandbox?.faults;
  faults?.add({ target: 'jira', effect: { kind: 'reply', status: 400, body: '{}' } });
  const found = await workspace.findSources(her.actor, 'billing');
  faults?.clear();
  expect(found.unreached).toEqual(['Jira']);
  expect(found.sources.map(({ kind }) => kind)).toContain('page');
});

test('The composer offers neither epics nor subtasks as types, and open epics to hang stories under', async () => {
  const types = await services.workspace.issueTypes(her.actor, 'DEMO');
  expect(types).toContain('Story');
  expect(types).not.toContain('Epic');
  expect((await services.workspace.epics(her.actor, 'DEMO')).length).toBeGreaterThan(0);
});

test('Rules that cannot be used are refused by name, and nothing of them is kept', async () => {
  const own = { maxStoryPoints: -1, minCriteria: 3, unheard: 1 };
  await expect(services.workspace.saveRules(her.actor, own)).rejects.toMatchObject({
    code: 'rules_invalid',
    fields: { maxStoryPoints: expect.any(String) as string, unheard: 'There is no such rule.' },
  });
  expect((await services.workspace.rules(her.actor)).own).toEqual({});
});

test('A person’s own rules count for them alone', async () => {
  await services.workspace.saveRules(her.actor, { minCriteria: 4 });
  expect((await services.workspace.rules(her.actor)).effective.minCriteria).toBe(4);
  expect((await services.workspace.rules(him.actor)).effective.minCriteria).toBe(2);
  await services.workspace.saveRules(her.actor, {});
});

test('A person’s own format is offered to them alone, and one that is deleted takes no choice with it', async () => {
  const { workspace } = services;
  const names = async ({ actor }: SignedIn) => (await workspace.formats(actor)).map(({ name }) => name);
  const format = { name: 'Wards', kind: 'custom' as const, instructions: 'Short.', sections: ['Ward'] };
  await workspace.saveFormat(her.actor, format, null);
  const own = (await workspace.formats(her.actor)).at(-1);
  expect(own).toEqual({ ...format, id: expect.stringMatching(/^my-/) as string });
  expect(await names(him)).not.toContain('Wards');

  const id = own?.id ?? '';
  await workspace.saveFormat(her.actor, { ...format, name: 'Clinics' }, id);
  expect((await names(her)).at(-1)).toBe('Clinics');
  await expect(workspace.saveFormat(him.actor, format, id)).rejects.toMatchObject({
    code: 'own_text_missing',
  });

  await workspace.removeFormat(him.actor, id);
  expect((await names(her)).at(-1)).toBe('Clinics');
  await workspace.removeFormat(her.actor, id);
  expect(await names(her)).not.toContain('Clinics');
});

test('Twenty prompts of one’s own are kept, each with a name of its own', async () => {
  const { workspace } = services;
  const save = (name: string) => workspace.savePrompt(her.actor, { name, text: 'x'.repeat(4_000) }, null);
  for (let number = 1; number < 20; number++) await save(`Prompt ${number}`);
  await expect(save('PROMPT 3')).rejects.toMatchObject({ fields: { name: 'Another one has this name.' } });
  await save('Prompt 20');
  await expect(save('Prompt 21')).rejects.toMatchObject({ code: 'too_many_own_texts' });
  for (const { id } of await workspace.prompts(her.actor)) await workspace.removePrompt(her.actor, id);
});

test('A conversation is about one project', async () => {
  const creating = services.conversations.create(him.actor, { projectKey: 'demo project', choices: {} });
  await expect(creating).rejects.toMatchObject({ code: 'project_invalid' });
});

test('A broken configuration file is told with its place, and the last good one stays in force', async () => {
  expect(services.system.configProblems()).toEqual([]);
  const file = join(running.folder.path, 'config', 'prompts.json');
  writeFileSync(file, '{ "storyFormats": [ ');
  const files = () => services.system.configProblems().map((problem) => problem.file);
  await expect.poll(files, { timeout: 5_000 }).toContain('prompts.json');
  const [broken] = services.system.configProblems();
  expect(broken?.messages.length).toBeGreaterThan(1);
  expect(broken?.messages[0]).toContain('prompts.json:1:');
  expect((await services.workspace.formats(her.actor)).length).toBeGreaterThan(0);
  expect(await services.system.readiness()).toMatchObject({ ready: true, degraded: ['configuration'] });
});
