import { withRetries } from '../resilience.ts';
import type { McpConnection } from './mcp-client.ts';

/**
 * A call that changes nothing, repeated as a REST call would be. The built-in server repeats its own REST calls, and is
 * in this process: there it would be twice the same.
 */
export function repeatedReading<T>(
  { server, access }: Pick<McpConnection, 'server' | 'access'>,
  signal: AbortSignal | undefined,
  read: () => Promise<T>,
): Promise<T> {
  if (server.kind === 'builtin') return read();
  return withRetries(read, { ...access.retry, totalMs: access.timeouts.totalMs }, signal);
}
