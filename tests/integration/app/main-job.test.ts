import { afterEach, expect, test } from 'vitest';
import { alice } from '../../../src/lib/sandbox/people.ts';
import { requirement, startTalk } from '../../support/main-job.ts';
import { startApp, type RunningApp } from '../../support/running-app.ts';

let running: RunningApp | undefined;
afterEach(async () => {
  await running?.close();
  running = undefined;
});

test('From a sentence to linked issues in Jira, over the channel', async () => {
  running = await startApp();
  const talk = await startTalk(running, await running.join(alice));
  expect(await talk.say(requirement)).toMatchObject({ end: 'waiting' });
  expect(talk.status()).toBe('needs_answer');
  await talk.skipQuestions();
  expect(talk.status()).toBe('needs_review');
  const ready = talk.ready();
  expect(ready.length).toBeGreaterThan(1);

  expect(await talk.approve()).toMatchObject({ end: 'completed' });

  const created = talk.drafts().filter(({ status }) => status === 'created');
  expect(created).toHaveLength(ready.length);
  const posted = running.app.sandbox?.ledger.entries({
    product: 'jira',
    method: 'POST',
    path: '/rest/api/2/issue',
  });
  const keys = posted?.filter(({ path }) => path === '/rest/api/2/issue').map(({ key }) => key);
  expect(created.map(({ issue }) => issue?.key)).toEqual(keys);
  expect(talk.status()).toBe('done');
});
