import type { McpClients, McpConnection, ToolAnswer } from '../../adapters/mcp/mcp-client.ts';
import { UpstreamError } from '../../errors/app-error.ts';
import type { WritingTools } from './issue-desk.ts';
export function createWritingTools(
  clients: McpClients,
  connection: McpConnection,
  requestId: string,
): WritingTools {
  return {
    async createIssue(args) {
      try {
        const answer = await clients.callTool(connection, {
          name: 'create_issue',
          arguments: { ...args },
          requestId,
        });
        if (!answer.isError)
          return {
            kind: 'ok',
            key: String(answer.structured?.['key']),
            url: String(answer.structured?.['url']),
          };
        const kind = String(answer.structured?.['kind']);
        const problem = problemOf(answer);
        const retryAfterMs = answer.structured?.['retryAfterMs'];
        if (['refused', 'credential', 'rate_limited'].includes(kind)) {
          return { kind: 'failed', problem, ...(typeof retryAfterMs === 'number' ? { retryAfterMs } : {}) };
        }
        return { kind: 'unknown', problem };
      } catch (error) {
        if (!(error instanceof UpstreamError)) throw error;
        return error.kind === 'refused'
          ? { kind: 'failed', problem: error.toProblem() }
          : { kind: 'unknown', problem: error.toProblem() };
      }
    },
    async linkIssues(link) {
      await clients.callTool(connection, { name: 'link_issues', arguments: link, requestId });
    },
  };
}

function problemOf({ structured, text }: ToolAnswer) {
  return {
    code: String(structured?.['code'] ?? 'jira_failed'),
    message: String(structured?.['message'] ?? text),
    retryable: false,
  };
}
