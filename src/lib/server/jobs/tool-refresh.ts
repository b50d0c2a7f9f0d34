import { z } from 'zod';
import type { ConfigFile } from '../../contracts/config/config-file.ts';
import type { McpServerConfig } from '../../contracts/config/tool-servers.ts';
import { productRemote } from '../adapters/atlassian/rest-caller.ts';
import type { CallOut } from '../adapters/http/call-out.ts';
import { toolServerRemote } from '../adapters/mcp/tool-server-remote.ts';
import type { BreakerLimits, Breakers } from '../adapters/resilience.ts';
import { AppError, InvalidError, UpstreamError, type UpstreamKind } from '../errors/app-error.ts';
import { traceHeaders } from '../observability/trace-ids.ts';
import type { LeasedJob } from '../repositories/job-lease-repository.ts';
import type { ToolCatalogRepository } from '../repositories/tool-catalog-repository.ts';
import type { Credentials } from '../services/credentials.ts';
import { toolServers } from '../settings/tool-servers.ts';
import type { ListToolsInput, ListToolsResult } from '../workers/list-tools.ts';
import { failureProblem } from './job-failure.ts';
import type { JobRequest } from './job-queue.ts';
import type { JobHandler } from './job-runner.ts';
import { testedSchemas } from './tested-schemas.ts';
import { createPace } from './pace.ts';
import type { WorkerPool } from './worker-pool.ts';

export const toolRefreshType = 'tool_refresh';

const inputSchema = z.object({
  serverId: z.string(),
  /** A passed test asked for it: the schemas that are found are the tested ones from now on. */
  afterTest: z.boolean(),
});

interface Refresh {
  userId: string;
  serverId: string;
  afterTest: boolean;
}

/** The job that reads one server's tools with one person's token. */
export function toolRefreshJob(refresh: Refresh, requestId: string | null): JobRequest {
  const { userId, serverId, afterTest } = refresh;
  const [regular, tested] = toolRefreshSubjects(userId, serverId);
  return {
    type: toolRefreshType,
    userId,
    // One after a test is not the same as a regular one that is under way: that one keeps a changed tool off.
    subject: (afterTest ? tested : regular) ?? null,
    input: { serverId, afterTest } satisfies z.infer<typeof inputSchema>,
    requestId,
  };
}

/** What the refreshes of one list are about: a regular one, and one after a test. */
export function toolRefreshSubjects(userId: string, serverId: string): string[] {
  return [`${toolRefreshType}:${userId}:${serverId}`, `${toolRefreshType}:${userId}:${serverId}:tested`];
}

export interface ToolRefreshDeps {
  catalog: Pick<ToolCatalogRepository, 'keepList' | 'keepProblem'>;
  credentials: Pick<Credentials, 'jira' | 'confluence'>;
  /** Whether the connection's last test passed and still speaks for it. */
  isTested(userId: string, product: 'jira' | 'confluence'): Promise<boolean>;
  config(): Pick<ConfigFile, 'mcp' | 'mcpServers' | 'jira' | 'confluence'>;
  /** What the worker's own way out may reach: the same as ours. */
  reach(): ListToolsInput['reach'];
  workers: Pick<WorkerPool, 'run'>;
  /** Told of each call that the worker made. */
  onCall(call: CallOut): void;
  /** Those that every other call goes through: a system that is down is not asked once more for each person. */
  breakers: Breakers;
  clock: { now(): number };
}

/**
 * Between the beginnings of two refreshes that follow no test. Each writes to the database a few times, and with many of
 * them at once the streams of others would wait: see docs/performance.md.
 */
const regularEveryMs = 100;

/**
 * Reads a tool list anew. A failed try leaves the last good list as it is and notes beside it what happened. The token
 * goes to the worker in memory only.
 */
export function createToolRefresh(deps: ToolRefreshDeps): JobHandler {
  const { catalog, clock } = deps;
  const pace = createPace(regularEveryMs);

  return async (job, signal) => {
    const { serverId, afterTest } = inputSchema.parse(job.input);
    const { userId } = job;
    if (userId === null) throw new InvalidError('job_invalid', 'A tool list belongs to a person.');
    if (!afterTest) await pace(signal);
    const place = { userId, serverId };
    try {
      const config = deps.config();
      const server = toolServers(config).find(({ id }) => id === serverId);
      if (!server) throw new InvalidError('server_missing', 'This tool server is no longer configured.');
      const { tools, capabilities } = await listTools(deps, { ...job, userId }, server, signal);
      const list = { tools, capabilities, ttlMs: ttlMs(config.mcp.refreshIntervalMinutes), at: clock.now() };
      await catalog.keepList(job, place, list, (before) => testedSchemas(before, tools, { afterTest }));
    } catch (error) {
      if (!signal.aborted) {
        await catalog.keepProblem(job, place, failureProblem(error, job.requestId), clock.now());
      }
      throw error;
    }
  };
}

async function listTools(
  deps: ToolRefreshDeps,
  job: LeasedJob & { userId: string },
  server: McpServerConfig,
  signal: AbortSignal,
) {
  const { product } = server;
  if (!(await deps.isTested(job.userId, product))) {
    throw new InvalidError('connection_untested', 'The connection changed after it was tested.', {
      hint: 'Test it again: that also reads its tools.',
    });
  }
  const { url, secret, tls } = await deps.credentials[product](job.userId);
  if (secret === null) throw new InvalidError('connection_missing', 'There is no token for this server.');
  const { timeouts, breaker } = deps.config()[product];
  const input: ListToolsInput = {
    userId: job.userId,
    server,
    url,
    token: secret,
    tls,
    timeouts,
    reach: deps.reach(),
    requestId: job.requestId ?? job.id,
    trace: traceHeaders(),
  };
  const ask = async () => {
    const told = resultSchema.parse(await deps.workers.run('list-tools', input, signal));
    told.calls.forEach(deps.onCall);
    return told;
  };
  const result = await throughBreakers(deps.breakers, breaker, input, ask);
  if (result.ok) return result;
  throw toError(result);
}

/** A failure counts for the system that it is of: the worker calls the product, and then a server of its own if any. */
async function throughBreakers(
  breakers: Breakers,
  limits: BreakerLimits,
  { server, url, userId }: Pick<ListToolsInput, 'server' | 'url' | 'userId'>,
  ask: () => Promise<ListToolsResult>,
): Promise<ListToolsResult> {
  const { product } = server;
  const askProduct = () =>
    breakers.run(productRemote(product, url), limits, () => ask().then(throwOf(product)));
  if (server.kind === 'builtin') return askProduct();
  const outcome = await breakers.run(toolServerRemote(server, userId), limits, async () => {
    try {
      return { result: throwOf('mcp')(await askProduct()) };
    } catch (error) {
      if (error instanceof UpstreamError && error.upstream === product) return { productProblem: error };
      throw error;
    }
  });
  if ('productProblem' in outcome) throw outcome.productProblem;
  return outcome.result;
}

/** What a breaker must see fail, and nothing of another system. */
function throwOf(upstream: UpstreamError['upstream']) {
  return (result: ListToolsResult): ListToolsResult => {
    if (!result.ok && result.upstream === upstream) throw toError(result);
    return result;
  };
}

/** A list is as good as the refresh after the next: one that is missed does not make it stale. */
function ttlMs(refreshIntervalMinutes: number): number {
  return 2 * refreshIntervalMinutes * 60_000;
}

const upstreamKinds = [
  'refused',
  'credential',
  'rate_limited',
  'unknown',
  'unreadable',
] as const satisfies UpstreamKind[];

const callSchema: z.ZodType<CallOut> = z.object({
  upstream: z.enum(['jira', 'confluence', 'llm', 'mcp']),
  method: z.enum(['GET', 'POST', 'PUT', 'DELETE']),
  target: z.string(),
  status: z.number().nullable(),
  duration_ms: z.number(),
  outcome: z.string(),
  x_request_id: z.string().nullable(),
  user_id: z.string().nullable(),
});

const resultSchema: z.ZodType<ListToolsResult> = z.discriminatedUnion('ok', [
  z.object({
    ok: z.literal(true),
    tools: z.array(
      z.object({
        name: z.string(),
        description: z.string(),
        inputSchema: z.record(z.string(), z.unknown()),
        properties: z.array(z.string()),
        required: z.array(z.string()),
        readOnly: z.boolean(),
        destructive: z.boolean(),
        schemaHash: z.string(),
      }),
    ),
    capabilities: z.array(z.string()),
    calls: z.array(callSchema),
  }),
  z.object({
    ok: z.literal(false),
    code: z.string(),
    message: z.string(),
    hint: z.string().nullable(),
    retryable: z.boolean(),
    upstream: z.enum(['jira', 'confluence', 'mcp', 'llm']).nullable(),
    kind: z.enum(upstreamKinds).nullable(),
    status: z.number().nullable(),
    retryAfterMs: z.number().nullable(),
    calls: z.array(callSchema),
  }),
]);

/** Errors lose their class on the way out of a thread, so they come as data. */
function toError(failure: Extract<ListToolsResult, { ok: false }>): AppError {
  const { code, message, retryable, upstream, kind } = failure;
  const hint = failure.hint ?? undefined;
  if (upstream === null || kind === null) return new AppError(code, message, { hint, retryable });
  const status = failure.status ?? undefined;
  const retryAfterMs = failure.retryAfterMs ?? undefined;
  return new UpstreamError(code, message, { upstream, kind, hint, retryable, status, retryAfterMs });
}
