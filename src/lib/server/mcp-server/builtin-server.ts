import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import type { RestDeps } from '../adapters/atlassian/rest-caller.ts';
import { createConfluenceRest } from '../adapters/confluence-rest.ts';
import { createJiraRest } from '../adapters/jira-rest.ts';
import { registerConfluenceTools } from './confluence-tools.ts';
import { registerJiraReadingTools } from './jira-reading-tools.ts';
import { registerJiraWritingTools } from './jira-writing-tools.ts';
import { requestIdKey } from './rest-for-call.ts';
import type { ToolCallContext } from './rest-for-call.ts';

/** One person's access to one product: everything a REST client needs but the call itself. */
export type ProductAccess = Omit<RestDeps, 'signal' | 'requestId'>;

/** The built-in tools for one product with one person's token. Connect it to a transport of its own. */
export function createBuiltinServer(product: 'jira' | 'confluence', access: ProductAccess): McpServer {
  const server = new McpServer({ name: `backlogue-${product}`, version: '1.0.0' });
  if (product === 'jira') {
    const jiraFor = (call: ToolCallContext) => createJiraRest(depsOf(access, call));
    registerJiraReadingTools(server, jiraFor);
    registerJiraWritingTools(server, jiraFor);
  } else {
    registerConfluenceTools(server, (call) => createConfluenceRest(depsOf(access, call)));
  }
  return server;
}

function depsOf(access: ProductAccess, { signal, _meta }: ToolCallContext): RestDeps {
  const requestId = _meta?.[requestIdKey];
  return { ...access, signal, requestId: typeof requestId === 'string' ? requestId : undefined };
}
