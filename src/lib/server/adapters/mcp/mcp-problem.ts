import { StreamableHTTPError } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { ErrorCode, McpError } from '@modelcontextprotocol/sdk/types.js';
import { AppError, UpstreamError } from '../../errors/app-error.ts';
import type { UpstreamKind } from '../../errors/app-error.ts';

/**
 * Turns what the MCP SDK throws into an UpstreamError. `refused` only where the tool certainly did not run: the
 * arguments were refused, the tool does not exist, the server turned the request away.
 */
export function mcpProblem(serverId: string, cause: unknown): AppError {
  if (cause instanceof AppError) return cause;
  if (cause instanceof StreamableHTTPError) return httpProblem(serverId, cause);
  if (!(cause instanceof McpError)) return problem(serverId, 'mcp_failed', 'unknown', 'broke down', cause);
  switch (cause.code) {
    case ErrorCode.InvalidParams:
    case ErrorCode.InvalidRequest:
    case ErrorCode.MethodNotFound:
      return problem(serverId, 'mcp_refused', 'refused', `refused the call: ${plain(cause.message)}`, cause);
    case ErrorCode.RequestTimeout:
      return timeoutProblem(serverId, cause);
    case ErrorCode.ConnectionClosed:
      return problem(
        serverId,
        'mcp_connection_lost',
        'unknown',
        'closed the connection before it answered',
        cause,
      );
    default:
      return problem(serverId, 'mcp_failed', 'unknown', `failed: ${plain(cause.message)}`, cause);
  }
}

/** The server could not be started or greeted: no tool was called yet. */
export function mcpNotReached(serverId: string, cause: unknown): AppError {
  const told = mcpProblem(serverId, cause);
  if (!(told instanceof UpstreamError) || told.kind === 'credential' || told.kind === 'rate_limited')
    return told;
  return new UpstreamError(
    'mcp_unreachable',
    `The tool server ${serverId} could not be used: ${told.message}`,
    {
      upstream: 'mcp',
      kind: 'refused',
      retryable: true,
      timedOut: told.timedOut,
      cause,
      hint: 'Ask your administrator to check it in config.json and in its own log.',
    },
  );
}

function httpProblem(serverId: string, cause: StreamableHTTPError): UpstreamError {
  const status = cause.code ?? 0;
  if (status === 401 || status === 403) {
    return problem(serverId, 'mcp_token_refused', 'credential', 'did not accept your token', cause, status);
  }
  if (status === 429) {
    return problem(
      serverId,
      'mcp_rate_limited',
      'rate_limited',
      'is getting too many requests',
      cause,
      status,
    );
  }
  // Below 500 the HTTP layer turned the request away before any tool; 408 is a proxy that lost patience.
  const refused = status >= 300 && status < 500 && status !== 408;
  const what = `answered with status ${status}`;
  return problem(
    serverId,
    refused ? 'mcp_refused' : 'mcp_failed',
    refused ? 'refused' : 'unknown',
    what,
    cause,
    status,
  );
}

function timeoutProblem(serverId: string, cause: unknown): UpstreamError {
  return new UpstreamError('mcp_timeout', `The tool server ${serverId} did not answer in time.`, {
    upstream: 'mcp',
    kind: 'unknown',
    timedOut: true,
    cause,
  });
}

function problem(
  serverId: string,
  code: string,
  kind: UpstreamKind,
  what: string,
  cause: unknown,
  status?: number,
): UpstreamError {
  return new UpstreamError(code, `The tool server ${serverId} ${what}.`, {
    upstream: 'mcp',
    kind,
    cause,
    status,
  });
}

/** Servers of others write what they like: one short line of it. */
function plain(message: string): string {
  const line = message
    .replace(/^MCP error -?\d+: /, '')
    .replace(/\s+/g, ' ')
    .trim();
  return line.length <= 300 ? line.replace(/\.$/, '') : `${line.slice(0, 299)}…`;
}
