import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { McpServerConfig } from '../../../src/lib/contracts/config/tool-servers.ts';
import type { Sandbox } from '../../../src/lib/sandbox/start-sandbox.ts';
import { issueToolsAgainst } from '../../support/issue-tools.ts';
import { createLoopback } from '../../support/loopback.ts';
import { startTestSandbox } from '../../support/sandbox.ts';
import { serveSooperset } from '../../support/sooperset-server.ts';

/** One contract for the tool servers of Confluence that are known: through each, the same pages are found and read. */

const loopback = createLoopback();
let sandbox: Sandbox;
beforeEach(async () => {
  sandbox = loopback.closing(await startTestSandbox());
});
afterEach(() => loopback.close());

const known = { product: 'confluence', profile: 'auto' } as const;
const servers: [string, { byTool: boolean }, () => Promise<McpServerConfig> | McpServerConfig][] = [
  ['the built-in server', { byTool: true }, () => ({ kind: 'builtin', id: 'confluence', ...known })],
  [
    // Its answers do not hold the storage format, so pages are read past it, by REST with the same token.
    'sooperset/mcp-atlassian over HTTP',
    { byTool: false },
    async () => {
      const { url } = await serveSooperset(loopback, { jiraUrl: sandbox.jiraUrl });
      const headers = { Authorization: 'Token {{confluencePat}}' };
      return { kind: 'http', id: 'http', ...known, url, headers };
    },
  ],
  [
    '@atlassian-dc-mcp/confluence over stdio',
    { byTool: true },
    () => ({
      kind: 'stdio',
      id: 'child',
      ...known,
      command: process.execPath,
      args: [fileURLToPath(new URL('../../support/atlassian-dc-server.mjs', import.meta.url))],
      env: {
        CONFLUENCE_API_BASE_PATH: '{{confluenceUrl}}/rest',
        CONFLUENCE_API_TOKEN: '{{confluencePat}}',
      },
    }),
  ],
];

const cql = 'type = page AND space = PORTAL';

describe.each(servers)('Through %s', (_name, { byTool }, configured) => {
  test('pages are found and read, each with its version and where a person reads it', async () => {
    const tools = issueToolsAgainst(loopback, sandbox, [await configured()]);
    expect([await tools.offers('searchPages'), await tools.offers('getPage')]).toEqual([byTool, byTool]);
    const found = await tools.searchPages({ cql, limit: 3 });
    expect(found.length).toBeGreaterThan(0);
    const plain = issueToolsAgainst(loopback, sandbox, [{ kind: 'builtin', id: 'plain', ...known }]);
    expect(found).toEqual(await plain.searchPages({ cql, limit: 3 }));
    for (const { id } of found) {
      const page = await tools.getPage(id);
      expect(page.paragraphs.join('')).not.toBe('');
      expect(page).toEqual(await plain.getPage(id));
    }
  });

  test('a page that is not there is a refusal with its status, and never an empty page', async () => {
    const tools = issueToolsAgainst(loopback, sandbox, [await configured()]);
    await expect(tools.getPage('999999999')).rejects.toMatchObject({ status: 404 });
  });
});
