import { describe, expect, test } from 'vitest';
import { mcpServersSchema } from '../../contracts/config/tool-servers.ts';
import { checkToolServers } from './tool-server-checks.ts';
import { toolServers } from './tool-servers.ts';

const url = 'https://mcp.example.com/mcp';
const bearer = { Authorization: 'Bearer {{jiraPat}}' };

describe('The tool servers in force', () => {
  test('are the built-in ones where nothing is configured', () => {
    expect(inForce({})).toEqual(['builtin jira: jira', 'builtin confluence: confluence']);
  });

  test('are the configured ones, each of the product whose placeholders it uses, and the built-in one for the rest', () => {
    const mine = { url, headers: bearer };
    expect(inForce({ mine })).toEqual(['http mine: jira', 'builtin confluence: confluence']);
    const child = { command: 'npx', args: ['x', '{{confluenceUrl}}'] };
    expect(inForce({ mine, child })).toEqual(['http mine: jira', 'stdio child: confluence']);
    expect(inForce({ mine, jira: { builtin: true, product: 'jira' } })).toEqual([
      'http mine: jira',
      'builtin jira: jira',
      'builtin confluence: confluence',
    ]);
  });
});

describe('A mistake in mcpServers is found where it stands', () => {
  test.each([
    [{ url }, 'product', 'expected "product": "jira" or "confluence"'],
    [{ product: 'jira' }, '', 'expected one of url, command and builtin'],
    [{ product: 'jira', url, command: 'npx' }, '', 'expected one of url, command and builtin'],
    [{ product: 'jira', command: 'npx', headers: {} }, 'headers', 'expected no headers without url'],
    [{ product: 'jira', url, args: [] }, 'args', 'expected command'],
    [{ url, headers: { A: '{{jiraPat}} {{confluencePat}}' } }, 'product', 'a server of both is named twice'],
    [{ product: 'jira', url, headers: { A: '{{confluencePat}}' } }, 'headers.A', 'found {{confluencePat}}'],
    [{ product: 'jira', url, headers: { Host: 'x' } }, 'headers.Host', 'the connection sets it itself'],
    [{ product: 'jira', url: `${url}?t={{jiraPat}}` }, 'url', 'expected no placeholder here'],
    [{ product: 'jira', command: 'npx', args: ['{{jiraPat}}'] }, 'args.0', 'found {{jiraPat}}'],
    [mapped({ whoAmI: { tool: 'w' } }), 'tools.whoAmI.result', 'expected where the result stands'],
    [
      mapped({ getIssue: { tool: 'g', arguments: { k: '{{key}}' }, result: 'x' } }),
      'tools.getIssue',
      '{{key}}',
    ],
    [
      mapped({ createIssue: { tool: 'c', arguments: { p: '{{projectKey}}' }, result: 'key' } }),
      'tools.createIssue.arguments',
      'expected {{labels}}',
    ],
  ])('%j', (entry, place, message) => {
    const found = findings({ mine: entry }).map(
      ({ path, message: said }) => `${path.slice(2).join('.')}: ${said}`,
    );
    expect(
      found.some((one) => one.startsWith(place) && one.includes(message)),
      found.join('\n'),
    ).toBe(true);
  });

  test('also where a server takes the name of the other product’s built-in one', () => {
    expect(findings({ confluence: { url, headers: bearer } })).toMatchObject([
      { path: ['mcpServers', 'confluence'] },
    ]);
  });

  test('and what is right gives none', () => {
    const createIssue = {
      tool: 'c',
      arguments: {
        p: '{{projectKey}}',
        t: '{{issueType}}',
        s: '{{summary}}',
        d: '{{description}}',
        f: '{{allFields}}',
      },
      result: 'key',
    };
    expect(findings({ mine: { url, headers: bearer, tools: { createIssue } } })).toEqual([]);
  });
});

function mapped(tools: object) {
  return { product: 'jira', url, tools };
}

function inForce(written: object): string[] {
  const mcpServers = mcpServersSchema.parse(written);
  return toolServers({ mcpServers }).map(({ kind, id, product }) => `${kind} ${id}: ${product}`);
}

function findings(written: object) {
  return checkToolServers({ mcpServers: mcpServersSchema.parse(written) });
}
