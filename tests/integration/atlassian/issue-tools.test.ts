import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { McpServerConfig } from '../../../src/lib/contracts/config/tool-servers.ts';
import type { Sandbox } from '../../../src/lib/sandbox/start-sandbox.ts';
import { issueToolsAgainst } from '../../support/issue-tools.ts';
import { createLoopback } from '../../support/loopback.ts';
import { serveMcp } from '../../support/mcp-http-server.ts';
import { startTestSandbox } from '../../support/sandbox.ts';

const loopback = createLoopback();
let sandbox: Sandbox;
beforeEach(async () => {
  sandbox = loopback.closing(await startTestSandbox());
});
afterEach(() => loopback.close());

const builtin: McpServerConfig[] = [
  { kind: 'builtin', id: 'jira', product: 'jira', profile: 'auto' },
  { kind: 'builtin', id: 'confluence', product: 'confluence', profile: 'auto' },
];

const story = {
  projectKey: 'DEMO',
  issueType: 'Story',
  summary: 'Export invoices',
  description: 'As a *customer*',
  labels: ['blg-01HZXW3R7Q8V5N2K4M6P9T0BCD'],
  fields: {},
};

describe('The built-in tools', () => {
  test('create, find, read, link and delete an issue with the person’s token', async () => {
    const tools = toolsWith(builtin);
    expect(await tools.whoAmI()).toBe('E10421');
    expect(await tools.projects()).toMatchObject([{ key: 'DEMO' }, { key: 'OPS' }]);
    const [type] = (await tools.issueTypes('DEMO')).filter(({ name }) => name === 'Story');
    expect(await tools.createScreen('DEMO', type?.id ?? '')).toMatchObject({ hasLabels: true });

    const made = await createdKey(tools);
    const second = await createdKey(tools);
    expect(await tools.findByLabel('DEMO', 'blg-01HZXW3R7Q8V5N2K4M6P9T0BCD')).toEqual([made, second]);
    expect(await tools.lastIssueNumber('DEMO')).toBe(Number(second.slice('DEMO-'.length)));
    await tools.linkInOrder(made, second);
    await tools.linkInOrder(made, second);
    const issue = await tools.getIssue(made);
    expect(issue).toMatchObject({ description: 'As a *customer*', url: `${sandbox.jiraUrl}/browse/${made}` });
    expect(issue?.links).toMatchObject([{ phrase: 'blocks', key: second }]);

    await tools.deleteIssue(made);
    expect(await tools.getIssue(made)).toBeNull();
  });

  test('search and read pages', async () => {
    const tools = toolsWith(builtin);
    const [page] = await tools.searchPages({ cql: 'type = page AND text ~ "retention"', limit: 5 });
    expect((await tools.getPage(page?.id ?? '')).paragraphs.length).toBeGreaterThan(2);
  });

  test('run under the request id of the work that they are part of', async () => {
    const ids = new Set<unknown>();
    const jiraUrl = await loopback.serve((request, response) => {
      ids.add(request.headers['x-request-id']);
      response.writeHead(404).end('{}');
    });
    await toolsWith(builtin, { jiraUrl: jiraUrl.slice(0, -1) }).getIssue('DEMO-1');
    expect([...ids]).toEqual(['req-1']);
  });
});

describe('Creating comes to one of three outcomes', () => {
  test('failed, with Jira’s own sentence, when it refused', async () => {
    const outcome = await toolsWith(builtin).createIssue({ ...story, projectKey: 'OPS', labels: [] });
    expect(outcome).toMatchObject({
      kind: 'failed',
      problem: { message: expect.stringContaining('Risk class') },
    });
  });

  test.each([
    [400, {}, 'failed'],
    [401, {}, 'failed'],
    [403, {}, 'failed'],
    [404, {}, 'failed'],
    [429, { 'retry-after': '7' }, 'failed'],
    [408, {}, 'unknown'],
    [500, {}, 'unknown'],
    [502, {}, 'unknown'],
    [302, { location: 'https://sso.example.com/login' }, 'unknown'],
  ])('status %i, %j: %s', async (status, headers, kind) => {
    onCreate({ kind: 'reply', status, headers });
    const outcome = await toolsWith(builtin).createIssue(story);
    expect(outcome.kind).toBe(kind);
    if (status === 429) expect(outcome).toMatchObject({ retryAfterMs: 7_000 });
  });

  test.each([
    ['drop-before', 0],
    ['drop-after', 1],
    ['cut-body', 1],
    ['malformed-body', 1],
  ] as const)('unknown when the answer is lost by %s, and sent exactly once', async (kind, created) => {
    const tools = toolsWith(builtin);
    onCreate({ kind });
    expect(await tools.createIssue(story)).toMatchObject({ kind: 'unknown' });
    expect(await tools.findByLabel('DEMO', 'blg-01HZXW3R7Q8V5N2K4M6P9T0BCD')).toHaveLength(created);
  });

  test('failed when Jira was never reached', async () => {
    const tools = toolsWith(builtin, { jiraUrl: (await loopback.nobody()).slice(0, -1) });
    expect(await tools.createIssue(story)).toMatchObject({
      kind: 'failed',
      problem: { code: 'jira_unreachable' },
    });
  });

  test('failed when no known tool can create', async () => {
    const outcome = await toolsWith([]).createIssue(story);
    expect(outcome).toMatchObject({ kind: 'failed', problem: { code: 'create_tool_missing' } });
  });
});

describe('A server like sooperset/mcp-atlassian', () => {
  const input = {
    project_key: z.string(),
    summary: z.string(),
    issue_type: z.string(),
    description: z.string().optional(),
    additional_fields: z.string().optional(),
  };

  test('gets Markdown and a JSON string of the other fields', async () => {
    let seen: Record<string, unknown> = {};
    const tools = await toolsOver('jira_create_issue', input, (args) => {
      seen = args;
      return { text: JSON.stringify({ message: 'Issue created successfully', issue: { key: 'DEMO-77' } }) };
    });
    expect(await tools.descriptionFormat()).toBe('markdown');
    const outcome = await tools.createIssue({ ...story, descriptionMarkdown: 'As a **customer**' });
    expect(outcome).toEqual({ kind: 'ok', key: 'DEMO-77', url: `${sandbox.jiraUrl}/browse/DEMO-77` });
    expect(seen).toMatchObject({
      description: 'As a **customer**',
      additional_fields: '{"labels":["blg-01HZXW3R7Q8V5N2K4M6P9T0BCD"]}',
    });
  });

  test.each([
    [
      'a 400',
      { text: "Error calling tool 'create_issue': 400 Client Error: Bad Request", isError: true },
      'failed',
    ],
    [
      'a 404, which may come from reading after the post',
      { text: 'HTTP error 404: Not Found', isError: true },
      'unknown',
    ],
    ['an error without a status', { text: 'Error: fetch failed', isError: true }, 'unknown'],
    ['an error as an ordinary result', { text: '{"success": false, "error": "Timed out"}' }, 'unknown'],
    ['a success without a key', { text: '{"message": "Issue created successfully"}' }, 'unknown'],
  ])('%s', async (_name, answer, kind) => {
    const tools = await toolsOver('jira_create_issue', input, () => answer);
    expect((await tools.createIssue(story)).kind).toBe(kind);
  });
});

describe('A server like @atlassian-dc-mcp/jira', () => {
  const input = {
    projectId: z.string(),
    summary: z.string(),
    description: z.string(),
    issueTypeId: z.string(),
    customFields: z.record(z.string(), z.unknown()).optional(),
  };

  test('gets the id of the issue type, and what it lacks is read by REST', async () => {
    let seen: Record<string, unknown> = {};
    const tools = await toolsOver('jira_createIssue', input, (args) => {
      seen = args;
      return { text: JSON.stringify({ success: true, data: { id: '1', key: 'DEMO-78', self: '' } }) };
    });
    expect(await tools.createIssue(story)).toMatchObject({ kind: 'ok', key: 'DEMO-78' });
    expect(seen).toMatchObject({
      projectId: 'DEMO',
      issueTypeId: expect.stringMatching(/^\d+$/),
      description: story.description,
    });
    expect(await tools.whoAmI()).toBe('E10421');
  });

  test.each([
    ['Error creating issue: 400 Bad Request', 'failed'],
    ['Error creating issue: 503 Service Unavailable', 'unknown'],
    ['Error creating issue: fetch failed', 'unknown'],
  ])('%s', async (error, kind) => {
    const details = { errorMessages: [], errors: { summary: 'Too long' } };
    const tools = await toolsOver('jira_createIssue', input, () => ({
      text: JSON.stringify({ success: false, error, details }),
    }));
    expect((await tools.createIssue(story)).kind).toBe(kind);
  });
});

async function toolsOver(
  name: string,
  input: z.ZodRawShape,
  answer: (args: Record<string, unknown>) => { text: string; isError?: boolean },
) {
  const url = await serveMcp(loopback, [{ name, input, answer }]);
  return toolsWith([
    {
      kind: 'http',
      id: 'remote',
      product: 'jira',
      profile: 'auto',
      url,
      headers: { Authorization: 'Token {{jiraPat}}' },
    },
  ]);
}

function toolsWith(servers: McpServerConfig[], urls: { jiraUrl?: string } = {}) {
  return issueToolsAgainst(loopback, sandbox, servers, urls);
}

function onCreate(effect: Parameters<Sandbox['faults']['add']>[0]['effect']): void {
  sandbox.faults.add({
    target: 'jira',
    match: { method: 'POST', path: '/rest/api/2/issue' },
    times: 1,
    effect,
  });
}

async function createdKey(tools: ReturnType<typeof toolsWith>): Promise<string> {
  const outcome = await tools.createIssue(story);
  if (outcome.kind !== 'ok') throw new Error(JSON.stringify(outcome));
  return outcome.key;
}
