import { constants, setPriority } from 'node:os';
import { isMainThread } from 'node:worker_threads';
import { z } from 'zod';
import { mcpServerSchema } from '../../contracts/config/tool-servers.ts';
import { createConfluenceRest } from '../adapters/confluence-rest.ts';
import { createOutgoingHttp } from '../adapters/http/outgoing-http.ts';
import { createJiraRest } from '../adapters/jira-rest.ts';
import { capabilityHints } from '../adapters/mcp/capabilities.ts';
import { createMcpClients } from '../adapters/mcp/mcp-client.ts';
import type { McpTool } from '../adapters/mcp/mcp-tool.ts';
import { createBreakers } from '../adapters/resilience.ts';
import { AppError, UpstreamError } from '../errors/app-error.ts';
import { createLogger } from '../observability/logger.ts';
import { createUrlGuard } from '../security/url-guard.ts';

// Whoever streams comes first. Only on Linux is this the thread's own priority, and not the whole process's.
if (!isMainThread && process.platform === 'linux') setPriority(constants.priority.PRIORITY_LOW);

const inputSchema = z.object({
  userId: z.string(),
  server: mcpServerSchema,
  /** Of the product, as the person's connection has it. */
  url: z.url({ protocol: /^https?$/ }),
  token: z.string(),
  tls: z.object({ verify: z.boolean(), caPem: z.string().nullable() }),
  timeouts: z.object({
    connectMs: z.number(),
    firstByteMs: z.number(),
    idleMs: z.number(),
    totalMs: z.number(),
  }),
  /** What the URL guard lets through, as it is in the process that asks. */
  reach: z.object({
    allowedHosts: z.array(z.string()),
    practiceOrigins: z.array(z.string()),
    ownPorts: z.array(z.number()),
  }),
  requestId: z.string(),
});

export type ListToolsInput = z.infer<typeof inputSchema>;

export type ListToolsResult =
  | { ok: true; tools: McpTool[]; capabilities: string[] }
  | {
      ok: false;
      code: string;
      message: string;
      hint: string | null;
      retryable: boolean;
      /** Null for what is no UpstreamError; the next three as well. */
      upstream: UpstreamError['upstream'] | null;
      kind: UpstreamError['kind'] | null;
      status: number | null;
      retryAfterMs: number | null;
    };

/**
 * Lists the tools of one server as one person's token sees them, and what they can be used for. The token is proven
 * first: a tool server may well list its tools to anybody. Nothing is repeated; the job that asks does that.
 */
export default async function listTools(message: unknown): Promise<ListToolsResult> {
  const input = inputSchema.parse(message);
  // What goes wrong is told in the result, and logged by whoever asked.
  const log = createLogger({ level: 'silent' });
  const { allowedHosts, practiceOrigins, ownPorts } = input.reach;
  const guard = createUrlGuard({
    allowedHosts: () => allowedHosts,
    practiceOrigins: () => practiceOrigins,
    ownPorts,
  });
  const http = createOutgoingHttp({ guard, log });
  const clients = createMcpClients({ log });
  const access = {
    http,
    baseUrl: input.url,
    token: input.token,
    tls: input.tls,
    timeouts: input.timeouts,
    retry: { attempts: 0, initialDelayMs: 0, maxDelayMs: 0 },
    breaker: { failures: 1_000, openForMs: 0 },
    breakers: createBreakers(),
  };
  const { userId, server, requestId } = input;
  try {
    const rest = { ...access, requestId };
    if (server.product === 'jira') await createJiraRest(rest).myself();
    else await createConfluenceRest(rest).currentUser();
    const tools = await clients.listTools({ userId, server, access });
    const { hints } = capabilityHints(tools, server);
    return { ok: true, tools, capabilities: hints };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return failed(error);
  } finally {
    await clients.close();
    await http.close();
  }
}

/** An error loses its class on the way out of a thread. */
function failed(error: AppError): ListToolsResult {
  const { code, message, retryable } = error;
  const hint = error.hint ?? null;
  const upstream =
    error instanceof UpstreamError
      ? {
          upstream: error.upstream,
          kind: error.kind,
          status: error.status ?? null,
          retryAfterMs: error.retryAfterMs ?? null,
        }
      : { upstream: null, kind: null, status: null, retryAfterMs: null };
  return { ok: false, code, message, hint, retryable, ...upstream };
}
