import { createHash } from 'node:crypto';
import { CallToolResultSchema, ListToolsResultSchema } from '@modelcontextprotocol/sdk/types.js';
import type { Logger } from 'pino';
import type { McpServerConfig } from '../../../contracts/config/tool-servers.ts';
import type { ProductAccess } from '../../mcp-server/builtin-server.ts';
import { BusyError } from '../../errors/app-error.ts';
import { requestIdKey } from '../../mcp-server/rest-for-call.ts';
import { mcpNotReached, mcpProblem } from './mcp-problem.ts';
import { parseTools } from './mcp-tool.ts';
import type { McpTool } from './mcp-tool.ts';
import { repeatedReading } from './repeated-reading.ts';
import { toolServerRemote } from './tool-server-remote.ts';
import { openClient } from './open-client.ts';
import type { OpenClient } from './open-client.ts';
import { createRestartPauses } from './restart-pauses.ts';

/** One person's way to one server. */
export interface McpConnection {
  userId: string;
  server: McpServerConfig;
  /** The product's URL, the person's token and how to call: from their connection of that product. */
  access: ProductAccess;
}

export interface ToolCall {
  name: string;
  arguments: Record<string, unknown>;
  timeoutMs?: number;
  signal?: AbortSignal;
  requestId?: string;
}

/** What a tool said. Others' servers report failures in ways of their own: see tool-profiles.ts. */
export interface ToolAnswer {
  isError: boolean;
  text: string;
  structured: Record<string, unknown> | null;
}

export interface McpClients {
  /** All tools that the server offers this person. Rejects with an UpstreamError. */
  listTools(connection: McpConnection, options?: { signal?: AbortSignal }): Promise<McpTool[]>;
  /**
   * Calls a tool once. Resolves with whatever the tool answered, errors included; rejects with an UpstreamError
   * (`refused`: it did not run; `unknown`: it may have run), or with the signal's reason.
   */
  callTool(connection: McpConnection, call: ToolCall): Promise<ToolAnswer>;
  /** Ends a person's clients once their calls are done, after a token changed or the person left. */
  forget(userId: string): Promise<void>;
  close(): Promise<void>;
}

export interface ClientLimits {
  clientsPerUser: number;
  clientsInAll: number;
}

interface McpClientsDeps {
  log: Logger;
  /** Unused clients are closed after it. */
  idleMs?: number;
  /** Most open clients of servers that are not built in. */
  limits?: () => ClientLimits;
  clock?: { now(): number };
}

interface Entry {
  userId: string;
  serverId: string;
  isBuiltin: boolean;
  opened: Promise<OpenClient>;
  busy: number;
  idleTimer: NodeJS.Timeout | undefined;
}

const CALL_TIMEOUT_MS = 120_000;
const LIST_TIMEOUT_MS = 30_000;
/** Against a server whose list never ends. */
const MOST_LIST_PAGES = 20;

const SHIPPED_LIMITS: ClientLimits = { clientsPerUser: 4, clientsInAll: 100 };

/**
 * Clients for all people and servers: one each, connected at the first call, closed when unused. Beyond the limits an
 * unused one makes room, or the call rejects with a BusyError; a program that keeps stopping is paused for.
 */
export function createMcpClients({
  log,
  idleMs = 300_000,
  limits = () => SHIPPED_LIMITS,
  clock = Date,
}: McpClientsDeps): McpClients {
  /** Those used longest ago first. */
  const entries = new Map<string, Entry>();
  const pauses = createRestartPauses(clock);

  function entryFor(connection: McpConnection): [string, Entry] {
    const key = connectionKey(connection);
    const known = entries.get(key);
    if (known) {
      entries.delete(key);
      entries.set(key, known);
      return [key, known];
    }
    const { userId, server, access } = connection;
    // Another key for the same person and server means that the token or the configuration changed.
    void retire((entry) => entry.userId === userId && entry.serverId === server.id);
    const isBuiltin = server.kind === 'builtin';
    if (!isBuiltin) makeRoom(userId);
    if (server.kind === 'stdio') pauses.check(key, server.id);
    const opening = openClient(server, access);
    const entry: Entry = {
      userId,
      serverId: server.id,
      isBuiltin,
      opened: opening,
      busy: 0,
      idleTimer: undefined,
    };
    entries.set(key, entry);
    const startedAt = clock.now();
    const ended = () => {
      // One that we close is taken out before.
      const byItself = entries.get(key) === entry;
      if (byItself && server.kind === 'stdio') pauses.stopped(key, clock.now() - startedAt);
      drop(key, entry);
    };
    opening.then(({ client }) => {
      client.onclose = ended;
    }, ended);
    return [key, entry];
  }

  /** One more connection of a person: an unused one is closed for it where there are as many as may be. */
  function makeRoom(userId: string): void {
    const { clientsPerUser, clientsInAll } = limits();
    const counted = [...entries].filter(([, entry]) => !entry.isBuiltin);
    const own = counted.filter(([, entry]) => entry.userId === userId);
    if (own.length < clientsPerUser && counted.length < clientsInAll) return;
    const unused = (own.length < clientsPerUser ? counted : own).find(([, entry]) => entry.busy === 0);
    if (!unused) throw tooManyClients();
    void closeEntry(...unused);
  }

  function drop(key: string, entry: Entry): void {
    clearTimeout(entry.idleTimer);
    if (entries.get(key) === entry) entries.delete(key);
  }

  /** The built-in server calls its product through that product's own breaker; the others each have one. */
  function using<T>(connection: McpConnection, work: (open: OpenClient) => Promise<T>): Promise<T> {
    const { server, userId, access } = connection;
    if (server.kind === 'builtin') return opened(connection, work);
    return access.breakers.run(toolServerRemote(server, userId), access.breaker, () =>
      opened(connection, work),
    );
  }

  async function opened<T>(connection: McpConnection, work: (open: OpenClient) => Promise<T>): Promise<T> {
    const [key, entry] = entryFor(connection);
    const serverId = connection.server.id;
    clearTimeout(entry.idleTimer);
    entry.busy++;
    try {
      const open = await entry.opened.catch((error: unknown) => {
        log.warn({ err: error, server: serverId }, 'An MCP server could not be reached');
        throw mcpNotReached(serverId, error);
      });
      return await work(open);
    } catch (error) {
      throw mcpProblem(serverId, error);
    } finally {
      entry.busy--;
      if (entry.busy === 0) rest(key, entry);
    }
  }

  /** Unused now: closed after a while, or at once if it was replaced while a call was under way. */
  function rest(key: string, entry: Entry): void {
    if (entries.get(key) !== entry) void closeEntry(key, entry);
    else entry.idleTimer = setTimeout(() => void closeEntry(key, entry), idleMs).unref();
  }

  /** Takes no new calls; those under way are not cut, since one of them may be creating an issue. */
  async function retire(matches: (entry: Entry) => boolean): Promise<void> {
    const retiring = [...entries].filter(([, entry]) => matches(entry));
    for (const [key, entry] of retiring) drop(key, entry);
    const unused = retiring.filter(([, entry]) => entry.busy === 0);
    await Promise.all(unused.map(([key, entry]) => closeEntry(key, entry)));
  }

  async function closeEntry(key: string, entry: Entry): Promise<void> {
    drop(key, entry);
    await entry.opened.then(
      (open) => open.close(),
      () => {},
    );
  }

  return {
    listTools(connection, { signal } = {}) {
      return unlessAborted(signal, () =>
        repeatedReading(connection, signal, () => using(connection, ({ client }) => listAll(client, signal))),
      );
    },
    callTool(connection, { name, arguments: args, timeoutMs = CALL_TIMEOUT_MS, signal, requestId }) {
      const params = {
        name,
        arguments: args,
        ...(requestId === undefined ? {} : { _meta: { [requestIdKey]: requestId } }),
      };
      return unlessAborted(signal, () =>
        using(connection, async ({ client }) => {
          // Not client.callTool: it would hold error answers against the output schema, and compile others' schemas.
          const options = { timeout: timeoutMs, signal };
          const result = await client.request(
            { method: 'tools/call', params },
            CallToolResultSchema,
            options,
          );
          const texts = result.content.map((part) => (part.type === 'text' ? part.text : ''));
          const isError = result.isError === true;
          return { isError, text: texts.join('\n'), structured: result.structuredContent ?? null };
        }),
      );
    },
    forget: (userId) => retire((entry) => entry.userId === userId),
    async close() {
      await Promise.all([...entries].map(([key, entry]) => closeEntry(key, entry)));
    },
  };
}

function tooManyClients(): BusyError {
  return new BusyError('mcp_too_many_clients', 'As many tool servers as may be are at work at the moment.', {
    hint: 'Try again when your other work is done. An administrator can raise mcp.clientsPerUser and mcp.clientsInAll.',
  });
}

async function listAll(client: OpenClient['client'], signal: AbortSignal | undefined): Promise<McpTool[]> {
  const listed: unknown[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < MOST_LIST_PAGES; page++) {
    const params = cursor === undefined ? {} : { cursor };
    const options = { timeout: LIST_TIMEOUT_MS, signal };
    const result = await client.request({ method: 'tools/list', params }, ListToolsResultSchema, options);
    listed.push(...result.tools);
    cursor = result.nextCursor;
    if (cursor === undefined) break;
  }
  return parseTools(listed);
}

/** The SDK rejects an aborted request with an error of its own; callers expect the signal's reason. */
async function unlessAborted<T>(signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
  signal?.throwIfAborted();
  try {
    return await work();
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
}

/** Changes with the token, so that a new token never travels over a client of the old one. */
function connectionKey({ userId, server, access }: McpConnection): string {
  const { baseUrl, token, tls } = access;
  return createHash('sha256')
    .update(JSON.stringify([userId, server, baseUrl, token, tls]))
    .digest('base64');
}
