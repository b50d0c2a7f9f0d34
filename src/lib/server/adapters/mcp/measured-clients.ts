import { UpstreamError } from '../../errors/app-error.ts';
import type { Metrics } from '../../observability/metrics.ts';
import { withSpan } from '../../observability/tracing.ts';
import type { McpClients } from './mcp-client.ts';

/** Clients whose calls are spans, with the tool's REST calls below them where the server is the built-in one. */
export function measuredMcpClients(clients: McpClients, metrics: Pick<Metrics, 'toolCalls'>): McpClients {
  return {
    ...clients,
    callTool(connection, call) {
      const server = connection.server.id;
      const done = metrics.toolCalls.startTimer({ server, tool: call.name });
      const attributes = {
        'mcp.method.name': 'tools/call',
        'gen_ai.operation.name': 'execute_tool',
        'gen_ai.tool.name': call.name,
        'backlogue.mcp_server': server,
        'backlogue.request_id': call.requestId,
      };
      return withSpan(
        `tools/call ${call.name}`,
        attributes,
        async (span) => {
          try {
            const answer = await clients.callTool(connection, call);
            if (answer.isError) span.setAttribute('error.type', 'tool_error');
            done({ outcome: answer.isError ? 'error' : 'ok' });
            return answer;
          } catch (error) {
            done({ outcome: error instanceof UpstreamError ? error.kind : 'stopped' });
            throw error;
          }
        },
        { kind: 'client' },
      );
    },
  };
}
