import { afterEach, beforeEach, expect, test } from 'vitest';
import { alice } from '../../../src/lib/sandbox/people.ts';
import type { AppFolder } from '../../support/app-folder.ts';
import { serveOpenAi } from '../../support/company-models.ts';
import { makeLiveFolder, openCompanyNetwork, type CompanyNetwork } from '../../support/company-network.ts';
import { createLoopback } from '../../support/loopback.ts';
import { startTalk } from '../../support/main-job.ts';
import { startApp, type RunningApp } from '../../support/running-app.ts';
import { serveSooperset } from '../../support/sooperset-server.ts';
import { toolListOf } from '../../support/tool-lists.ts';

const loopback = createLoopback();
let network: CompanyNetwork;
let folder: AppFolder;
let running: RunningApp;
beforeEach(async () => {
  network = await openCompanyNetwork(loopback);
});
afterEach(async () => {
  await running.close();
  folder.remove();
  await loopback.close();
});

/** Live, with the company's tool server for Jira in the place of the built-in one. */
async function startWith(options: { failsAfterPosting?: (summary: string) => boolean } = {}) {
  const toolServer = await serveSooperset(loopback, { jiraUrl: network.sandbox.jiraUrl, ...options });
  const mcpServers = {
    company: { url: toolServer.url, headers: { Authorization: 'Token {{jiraPat}}' } },
  };
  const baseUrl = await serveOpenAi(loopback, [alice.llmCookie]);
  folder = makeLiveFolder(network, { preset: 'openai-compatible', baseUrl }, { mcpServers });
  running = await startApp({ folder });
  const who = await running.join(alice);
  await toolListOf(running, who, 'company');
  return { toolServer, who };
}

test('Stories are created through the company’s own tool server, in Markdown and with the person’s token', async () => {
  const { toolServer, who } = await startWith();
  const catalog = await toolListOf(running, who, 'company');
  expect(catalog.tools.map(({ name }) => name)).toContain('jira_create_issue');
  expect(catalog.capabilities.length).toBeGreaterThan(0);

  const talk = await startTalk(running, who);
  await talk.toReview();
  expect(await talk.approve()).toMatchObject({ end: 'completed' });

  const created = talk.drafts().filter(({ status }) => status === 'created');
  expect(created.length).toBeGreaterThan(1);
  expect(toolServer.asked).toHaveLength(created.length);
  expect(toolServer.asked[0]?.['description']).toMatch(/^\*\*As\*\* an? /);
  expect(toolServer.authorization()).toBe(`Token ${alice.jiraToken}`);
});

test('An error after the post leaves the outcome open until the issue is found; nothing is sent twice', async () => {
  let failures = 0;
  const { toolServer, who } = await startWith({ failsAfterPosting: () => (failures += 1) === 1 });
  const talk = await startTalk(running, who);
  await talk.toReview();
  const approved = talk.ready().length;

  await talk.approve();
  for (const { id } of talk.drafts().filter(({ status }) => status !== 'split'))
    await talk.untilDraft(id, ({ status }) => status === 'created');

  const wasOpen = talk.eventsOf('draft_saved').some(({ body }) => body.draft.status === 'unknown');
  expect(wasOpen).toBe(true);
  const keys = talk.drafts().flatMap(({ issue }) => (issue ? [issue.key] : []));
  expect(new Set(keys).size).toBe(approved);
  expect(toolServer.asked).toHaveLength(approved);
  const posted = network.sandbox.ledger.entries({
    product: 'jira',
    method: 'POST',
    path: '/rest/api/2/issue',
  });
  expect(posted.filter(({ path }) => path === '/rest/api/2/issue')).toHaveLength(approved);
});
