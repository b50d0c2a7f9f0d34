import { expect, test } from 'vitest';
import type { ProjectDesk } from '../workspace-service.ts';
import { rememberProjectDesks } from './remembered-project-desk.ts';

/** A Jira that counts how often it is asked. */
function countingDesk() {
  const asked: string[] = [];
  const answer = { projects: [{ key: 'DEMO', name: 'Demo' }], failing: false };
  const ask = async <T>(what: string, list: T[]) => {
    asked.push(what);
    if (answer.failing) throw new Error('Jira is away.');
    return list;
  };
  const desk: ProjectDesk = {
    projects: () => ask('projects', answer.projects),
    issueTypes: (key) => ask(`types of ${key}`, [{ id: '1', name: 'Story', isSubtask: false }]),
    epics: (key) => ask(`epics of ${key}`, [{ key: `${key}-1`, summary: 'Orders' }]),
  };
  return { desk, asked, answer, open: async () => desk };
}

function setUp() {
  const clock = { at: 1_000_000, now: () => clock.at };
  return { clock, desks: rememberProjectDesks({ clock }), jira: countingDesk() };
}

test('Pages that open at once and soon after each other ask Jira once', async () => {
  const { desks, jira } = setUp();
  const [first, second] = [desks.of('anna', jira.open), desks.of('anna', jira.open)];
  await Promise.all([first.projects(), second.projects()]);
  expect(await desks.of('anna', jira.open).projects()).toEqual([{ key: 'DEMO', name: 'Demo' }]);
  expect(jira.asked).toEqual(['projects']);
});

test('After a minute Jira is asked again', async () => {
  const { desks, jira, clock } = setUp();
  await desks.of('anna', jira.open).epics('DEMO');
  clock.at += 60_000;
  await desks.of('anna', jira.open).epics('DEMO');
  expect(jira.asked).toEqual(['epics of DEMO', 'epics of DEMO']);
});

test('Each person and each project has answers of its own', async () => {
  const { desks, jira } = setUp();
  for (const person of ['anna', 'ben'])
    for (const key of ['DEMO', 'OPS']) await desks.of(person, jira.open).issueTypes(key);
  expect(jira.asked).toHaveLength(4);
});

test('Failures and empty lists are not remembered', async () => {
  const { desks, jira } = setUp();
  jira.answer.failing = true;
  await expect(desks.of('anna', jira.open).projects()).rejects.toThrow('Jira is away.');
  jira.answer.failing = false;
  jira.answer.projects = [];
  expect(await desks.of('anna', jira.open).projects()).toEqual([]);
  jira.answer.projects = [{ key: 'NEW', name: 'New' }];
  expect(await desks.of('anna', jira.open).projects()).toEqual([{ key: 'NEW', name: 'New' }]);
});

test('With another token nothing that the former one saw is shown, to that person only', async () => {
  const { desks, jira } = setUp();
  await desks.of('anna', jira.open).projects();
  await desks.of('ben', jira.open).projects();
  desks.forget('anna');
  await desks.of('anna', jira.open).projects();
  await desks.of('ben', jira.open).projects();
  expect(jira.asked).toEqual(['projects', 'projects', 'projects']);
});
