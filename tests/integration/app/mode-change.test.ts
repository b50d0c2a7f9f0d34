import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { alice } from '../../../src/lib/sandbox/people.ts';
import { startTalk } from '../../support/main-job.ts';
import { startApp, type RunningApp } from '../../support/running-app.ts';

let running: RunningApp | undefined;
afterEach(async () => {
  await running?.close();
  running = undefined;
});

test('A config.json that says live waits for the next start, and practice goes on whole until then', async () => {
  running = await startApp();
  const { system, configuration } = running.app.services;
  const who = await running.join(alice);
  const before = await configuration.views(who.actor);
  expect(system.pendingMode()).toBeNull();

  const file = join(running.folder.path, 'config', 'config.json');
  const config = JSON.parse(readFileSync(file, 'utf8')) as object;
  const live = { mode: 'live', jira: { url: 'https://jira.example.com/jira' } };
  writeFileSync(file, JSON.stringify({ ...config, ...live }));
  while (system.pendingMode() === null) await new Promise((resolve) => setTimeout(resolve, 20));

  expect(system.pendingMode()).toBe('live');
  expect(system.mode()).toBe('practice');
  expect(await configuration.views(who.actor)).toEqual(before);
  const talk = await startTalk(running, who);
  await talk.toReview();
  expect(await talk.approve()).toMatchObject({ end: 'completed' });
});
