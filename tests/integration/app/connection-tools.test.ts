import { afterEach, expect, test } from 'vitest';
import { alice } from '../../../src/lib/sandbox/people.ts';
import type { AppFolder } from '../../support/app-folder.ts';
import { makeLiveFolder, openCompanyNetwork } from '../../support/company-network.ts';
import { serveOpenAi } from '../../support/company-models.ts';
import { createLoopback } from '../../support/loopback.ts';
import { register, startApp, type RunningApp } from '../../support/running-app.ts';
import { toolListOf } from '../../support/tool-lists.ts';

const loopback = createLoopback();
let folder: AppFolder | undefined;
let running: RunningApp;
afterEach(async () => {
  await running.close();
  folder?.remove();
  await loopback.close();
});

test('The tools of Jira are read as soon as somebody has registered, before any test', async () => {
  running = await startApp();
  await register(running.app, alice);
  const who = await running.signIn(alice);

  const list = await toolListOf(running, who, 'jira');

  expect(list.tools.map(({ name }) => name)).toContain('create_issue');
  expect(list).toMatchObject({ stale: false, problem: null });
});

test('A tool server whose tools cannot be listed fails the test at its last step, by name, and keeps the feature shut', async () => {
  const network = await openCompanyNetwork(loopback);
  const baseUrl = await serveOpenAi(loopback, [alice.llmCookie]);
  const broken = {
    command: process.execPath,
    args: ['-e', 'process.exit(1)'],
    env: { TOKEN: '{{confluencePat}}' },
  };
  folder = makeLiveFolder(network, { preset: 'openai-compatible', baseUrl }, { mcpServers: { broken } });
  running = await startApp({ folder });
  await expect(running.join(alice)).rejects.toThrow(/broken/);

  const { actor } = await running.signIn(alice);
  const { configuration } = running.app.services;
  const { ok, steps, problem } = await configuration.test(actor, 'confluence');
  expect(ok).toBe(false);
  expect(steps.map(({ state }) => state)).toEqual([...Array<string>(6).fill('passed'), 'failed']);
  expect(steps.at(-1)).toMatchObject({ step: 'tools', target: 'broken', problem });
  expect(problem?.message).toContain('broken');
  const features = await configuration.features(actor);
  expect(features).toContainEqual(expect.objectContaining({ feature: 'pageSources', open: false }));
});
