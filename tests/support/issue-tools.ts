import { pino } from 'pino';
import type { McpServerConfig } from '../../src/lib/contracts/config/tool-servers.ts';
import { alice } from '../../src/lib/sandbox/people.ts';
import type { Sandbox } from '../../src/lib/sandbox/start-sandbox.ts';
import { createIssueTools } from '../../src/lib/server/adapters/mcp/issue-tools.ts';
import { createMcpClients } from '../../src/lib/server/adapters/mcp/mcp-client.ts';
import type { createLoopback } from './loopback.ts';
import { createTestHttp } from './outgoing.ts';
import { createRestDeps } from './rest.ts';

/** Alice's tools over these servers, with the sandbox as Jira (unless there is another) and Confluence. */
export function issueToolsAgainst(
  loopback: ReturnType<typeof createLoopback>,
  sandbox: Sandbox,
  servers: McpServerConfig[],
  urls: { jiraUrl?: string } = {},
) {
  const http = loopback.closing(createTestHttp());
  const clients = loopback.closing(createMcpClients({ log: pino({ level: 'silent' }) }));
  const access = async (_userId: string, product: 'jira' | 'confluence') =>
    product === 'jira'
      ? createRestDeps({ baseUrl: urls.jiraUrl ?? sandbox.jiraUrl, token: alice.jiraToken, http })
      : createRestDeps({ baseUrl: sandbox.confluenceUrl, token: alice.confluenceToken, http });
  return createIssueTools({ clients, servers: () => servers, access })({ userId: 'u1', requestId: 'req-1' });
}
