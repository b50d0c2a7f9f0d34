import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { alice } from '../../../src/lib/sandbox/people.ts';
import { makeAppFolder, type AppFolder } from '../../support/app-folder.ts';
import { startApp, type RunningApp } from '../../support/running-app.ts';

let folder: AppFolder;
let running: RunningApp;
beforeEach(async () => {
  folder = makeAppFolder({ jira: { timeouts: { firstByteMs: 400 } } });
  running = await startApp({ folder });
});
afterEach(async () => {
  await running.close();
  folder.remove();
});

const origin = { address: '127.0.0.1', requestId: 'request-1', userAgent: null };
const begin = () =>
  running.app.services.registration.begin({ jiraToken: alice.jiraToken, purpose: 'register' }, origin);

describe('Registration at a Jira that does not answer', () => {
  test('says so, and counts for no guess', async () => {
    running.app.sandbox?.faults.add({
      target: 'jira',
      match: { path: '/rest/api/2/myself' },
      effect: { kind: 'hang' },
    });
    for (let tries = 0; tries < 7; tries += 1)
      await expect(begin()).rejects.toMatchObject({ code: 'jira_timeout', hint: expect.any(String) });
    running.app.sandbox?.faults.clear();
    expect(await begin()).toMatchObject({ person: { employeeId: alice.employeeId } });
  });

  test('goes on without the picture where only that does not come', async () => {
    running.app.sandbox?.faults.add({
      target: 'jira',
      match: { path: '/secure/useravatar' },
      effect: { kind: 'hang' },
    });
    const { attempt, person } = await begin();
    expect(person.avatarImage).toBeNull();
    const password = 'Correct-horse-9';
    expect(await running.app.services.registration.complete({ attempt, password }, origin)).toEqual({
      employeeId: alice.employeeId,
    });
  });
});
