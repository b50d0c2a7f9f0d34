import { UpstreamError } from '../../errors/app-error.ts';
import type { Logger } from '../../observability/logger.ts';
import type { Metrics } from '../../observability/metrics.ts';
import { withSpan } from '../../observability/tracing.ts';
import type { McpClients } from './mcp-client.ts';

/**
 * Clients whose calls are spans, with the tool's REST calls below them where the server is the built-in one, and a line
 * each in the log.
 */
export function measuredMcpClients(
  clients: McpClients,
  { metrics, log }: { metrics: Pick<Metrics, 'toolCalls'>; log: Logger },
): McpClients {
  return {
    ...clients,
    callTool(connection, call) {
      const server = connection.server.id;
      const endTimer = metrics.toolCalls.startTimer({ server, tool: call.name });
      const done = (outcome: string) => {
        const seconds = endTimer({ outcome });
        log.info(
          {
            x_request_id: call.requestId,
            user_id: connection.userId,
            tool: call.name,
            server,
            duration_ms: Math.round(seconds * 1_000),
            outcome,
          },
          'Tool call',
        );
      };
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
            done(answer.isError ? 'error' : 'ok');
            return answer;
          } catch (error) {
            done(error instanceof UpstreamError ? error.kind : 'stopped');
            throw error;
          }
        },
        { kind: 'client' },
      );
    },
  };
}
