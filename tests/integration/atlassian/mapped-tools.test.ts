import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { MappedTool } from '../../../src/lib/contracts/config/tool-servers.ts';
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

const story = {
  projectKey: 'DEMO',
  issueType: 'Story',
  summary: 'Export invoices',
  description: 'As a *customer*',
  labels: ['blg-01HZXW3R7Q8V5N2K4M6P9T0BCD'],
  fields: {},
};

describe('A server that nobody knows, mapped in config.json', () => {
  const ticket = { key: 'DEMO-79', fields: { summary: 'Found' } };
  const input = {
    space: z.string(),
    kind: z.string(),
    title: z.string(),
    body: z.string(),
    tags: z.array(z.string()),
    more: z.record(z.string(), z.unknown()).optional(),
  };
  const createTicket = {
    tool: 'make_ticket',
    arguments: {
      space: '{{projectKey}}',
      kind: '{{issueType}}',
      title: 'Story: {{summary}}',
      body: '{{description}}',
      tags: '{{labels}}',
    },
    result: 'ticket.id',
  };

  async function mapped(
    answer: (args: Record<string, unknown>) => { text: string; isError?: boolean },
    createIssue: MappedTool = createTicket,
  ) {
    const url = await serveMcp(loopback, [
      { name: 'make_ticket', input, answer },
      { name: 'who', input: {}, answer: () => ({ text: JSON.stringify({ me: { login: 'E10421' } }) }) },
    ]);
    const whoAmI = { tool: 'who', arguments: {}, result: 'me.login' };
    const headers = { 'X-Jira-Token': '{{jiraPat}}', 'X-Jira-Url': '{{jiraUrl}}' };
    const server = { kind: 'http', id: 'own', product: 'jira', profile: 'auto', url, headers } as const;
    const tools = { createIssue, whoAmI };
    return issueToolsAgainst(loopback, sandbox, [{ ...server, tools, descriptionFormat: 'markdown' }]);
  }

  test('gets the arguments where the mapping puts them, and its answer is read where it says', async () => {
    let seen: Record<string, unknown> = {};
    const tools = await mapped((args) => {
      seen = args;
      return { text: JSON.stringify({ ticket: { id: ticket.key } }) };
    });
    expect(await tools.whoAmI()).toBe('E10421');
    expect(await tools.descriptionFormat()).toBe('markdown');
    const outcome = await tools.createIssue({ ...story, descriptionMarkdown: 'As a **customer**' });
    expect(outcome).toMatchObject({ kind: 'ok', key: 'DEMO-79' });
    expect(seen).toEqual({
      space: 'DEMO',
      kind: 'Story',
      title: 'Story: Export invoices',
      body: 'As a **customer**',
      tags: story.labels,
    });
  });

  test('is sent nothing where a part of what was approved has no place in the mapping', async () => {
    let calls = 0;
    const answer = () => {
      calls++;
      return { text: JSON.stringify({ ticket: { id: ticket.key } }) };
    };
    const withPoints = { ...story, fields: { customfield_10002: 3 } };
    expect(await (await mapped(answer)).createIssue(withPoints)).toMatchObject({
      kind: 'failed',
      problem: { code: 'mcp_fields_unmapped' },
    });
    expect(calls).toBe(0);
    const wider = { ...createTicket, arguments: { ...createTicket.arguments, more: '{{fields}}' } };
    expect(await (await mapped(answer, wider)).createIssue(withPoints)).toMatchObject({ kind: 'ok' });
  });

  test('is not called when its schema is not the mapped one', async () => {
    const elsewhere = { ...createTicket, arguments: { ...createTicket.arguments, colour: 'red' } };
    const outcome = await (await mapped(() => ({ text: '{}' }), elsewhere)).createIssue(story);
    expect(outcome).toMatchObject({ kind: 'failed', problem: { code: 'create_tool_missing' } });
  });

  test.each([
    [{ text: 'HTTP 400 Bad Request', isError: true }, 'failed'],
    [{ text: 'HTTP 404 Not Found', isError: true }, 'unknown'],
    [{ text: '{"error": "timed out"}' }, 'unknown'],
    [{ text: 'Done!' }, 'unknown'],
  ])('whose answer is %j: %s', async (answer, kind) => {
    expect((await (await mapped(() => answer)).createIssue(story)).kind).toBe(kind);
  });
});
