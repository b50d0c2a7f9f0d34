import { z } from 'zod';
import { mcpServerSchema } from '../../contracts/config/tool-servers.ts';
import { createConfluenceRest } from '../adapters/confluence-rest.ts';
import type { CallOut } from '../adapters/http/call-out.ts';
import { createOutgoingHttp } from '../adapters/http/outgoing-http.ts';
import { createJiraRest } from '../adapters/jira-rest.ts';
import { capabilityHints } from '../adapters/mcp/capabilities.ts';
import { createMcpClients } from '../adapters/mcp/mcp-client.ts';
import type { McpTool } from '../adapters/mcp/mcp-tool.ts';
import { createBreakers } from '../adapters/resilience.ts';
import { AppError, UpstreamError } from '../errors/app-error.ts';
import { correlated } from '../observability/correlation.ts';
import { createLogger } from '../observability/logger.ts';
import { continueTrace, nameTraces } from '../observability/trace-ids.ts';
import { comeAfterStreams } from '../operations/thread-priority.ts';
import { createUrlGuard } from '../security/url-guard.ts';

comeAfterStreams('low');

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
  /** The headers with which the asking job's trace goes on. */
  trace: z.record(z.string(), z.string()),
});

export type ListToolsInput = z.infer<typeof inputSchema>;

export type ListToolsResult = ListToolsOutcome & {
  /** Every call that it took, for the log of whoever asked. */
  calls: CallOut[];
};

type ListToolsOutcome =
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

// A thread has its own copy of everything, so its calls carry on no trace unless it is told how.
nameTraces();

/**
 * Lists the tools of one server as one person's token sees them, and what they can be used for. The token is proven
 * first: a tool server may well list its tools to anybody. Nothing is repeated; the job that asks does that.
 */
export default async function listTools(message: unknown): Promise<ListToolsResult> {
  const input = inputSchema.parse(message);
  const calls: CallOut[] = [];
  const outcome = await correlated(input, () =>
    continueTrace(input.trace, () => outcomeOf(input, (call) => calls.push(call))),
  );
  return { ...outcome, calls };
}

async function outcomeOf(
  { reach, url, token, tls, timeouts, userId, server, requestId }: ListToolsInput,
  onCall: (call: CallOut) => void,
): Promise<ListToolsOutcome> {
  const guard = createUrlGuard({
    allowedHosts: () => reach.allowedHosts,
    practiceOrigins: () => reach.practiceOrigins,
    ownPorts: reach.ownPorts,
  });
  const http = createOutgoingHttp({ guard, onCall });
  // What goes wrong is told in the result, and logged by whoever asked.
  const clients = createMcpClients({ log: createLogger({ level: 'silent' }) });
  const access = {
    http,
    baseUrl: url,
    token,
    tls,
    timeouts,
    retry: { attempts: 0, initialDelayMs: 0, maxDelayMs: 0 },
    breaker: { failures: 1_000, openForMs: 0 },
    breakers: createBreakers(),
  };
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
function failed(error: AppError): ListToolsOutcome {
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
