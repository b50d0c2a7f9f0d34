import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { McpServerConfig } from '../../../src/lib/contracts/config/tool-servers.ts';
import type { Sandbox } from '../../../src/lib/sandbox/start-sandbox.ts';
import { issueToolsAgainst } from '../../support/issue-tools.ts';
import { createLoopback } from '../../support/loopback.ts';
import { startTestSandbox } from '../../support/sandbox.ts';
import { serveSooperset } from '../../support/sooperset-server.ts';

/** One contract for the tool servers that are known: through each, the same work comes to the same end in Jira. */

const loopback = createLoopback();
let sandbox: Sandbox;
beforeEach(async () => {
  sandbox = loopback.closing(await startTestSandbox());
});
afterEach(() => loopback.close());

const known = { product: 'jira', profile: 'auto' } as const;
const servers: [string, () => Promise<McpServerConfig> | McpServerConfig][] = [
  ['the built-in server', () => ({ kind: 'builtin', id: 'jira', ...known })],
  [
    'sooperset/mcp-atlassian over HTTP',
    async () => {
      const { url } = await serveSooperset(loopback, { jiraUrl: sandbox.jiraUrl });
      return { kind: 'http', id: 'http', ...known, url, headers: { Authorization: 'Token {{jiraPat}}' } };
    },
  ],
  [
    '@atlassian-dc-mcp/jira over stdio',
    () => ({
      kind: 'stdio',
      id: 'child',
      ...known,
      command: process.execPath,
      args: [fileURLToPath(new URL('../../support/atlassian-dc-server.mjs', import.meta.url))],
      env: { JIRA_API_BASE_PATH: '{{jiraUrl}}/rest', JIRA_API_TOKEN: '{{jiraPat}}' },
    }),
  ],
];

const label = 'blg-01HZXW3R7Q8V5N2K4M6P9T0BCD';
const story = {
  projectKey: 'DEMO',
  issueType: 'Story',
  summary: 'Export invoices',
  description: 'As a *customer*',
  descriptionMarkdown: 'As a **customer**',
  labels: [label],
  fields: {},
};

describe.each(servers)('Through %s', (_name, configured) => {
  test('an issue is created once, found by its label, read and linked in order', async () => {
    const tools = issueToolsAgainst(loopback, sandbox, [await configured()]);
    const first = await tools.createIssue(story);
    const second = await tools.createIssue({ ...story, labels: [] });
    if (first.kind !== 'ok' || second.kind !== 'ok') throw new Error(JSON.stringify([first, second]));
    expect(first.url).toBe(`${sandbox.jiraUrl}/browse/${first.key}`);
    expect(await tools.findByLabel('DEMO', label)).toEqual([first.key]);
    await tools.linkInOrder(first.key, second.key);
    const issue = await tools.getIssue(first.key);
    expect(issue).toMatchObject({ summary: 'Export invoices', description: 'As a *customer*' });
    expect(issue?.links).toMatchObject([{ phrase: 'blocks', key: second.key }]);
    expect(await tools.whoAmI()).toBe('E10421');
  });

  test('a refusal of Jira is certain, and a lost answer is not', async () => {
    const tools = issueToolsAgainst(loopback, sandbox, [await configured()]);
    const tooLong = { ...story, summary: 'x'.repeat(300) };
    expect(await tools.createIssue(tooLong)).toMatchObject({ kind: 'failed' });
    const match = { method: 'POST', path: '/rest/api/2/issue' };
    sandbox.faults.add({ target: 'jira', match, times: 1, effect: { kind: 'reply', status: 502 } });
    expect(await tools.createIssue(story)).toMatchObject({ kind: 'unknown' });
  });
});
