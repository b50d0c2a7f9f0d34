import type { ConfigFile } from '../../contracts/config/config-file.ts';
import type { McpServerConfig } from '../../contracts/config/tool-servers.ts';
import type { ConnectionKind } from '../../contracts/connection.ts';
import { usesOfTools } from '../adapters/mcp/capabilities.ts';
import { InvalidError } from '../errors/app-error.ts';
import type { JobQueue } from '../jobs/job-queue.ts';
import { isSwitchedOff } from '../jobs/tested-schemas.ts';
import { toolRefreshJob, toolRefreshSubjects } from '../jobs/tool-refresh.ts';
import type { McpTool } from '../adapters/mcp/mcp-tool.ts';
import type { StoredCatalog, ToolCatalogRepository } from '../repositories/tool-catalog-repository.ts';
import { toolServers } from '../settings/tool-servers.ts';
import type { Actor, CatalogView, ToolCatalogService } from './services.ts';

/** What the rest of the server asks of the catalog, beside what pages do. */
export interface ToolCatalog extends ToolCatalogService {
  /** What the person's tools can do, as sentences for the model. Empty until a list was read. */
  hintsFor(userId: string): Promise<string[]>;
  /**
   * The tools of one server that may be called: not those that changed since the connection was tested. Null until a
   * list was read.
   */
  usableTools(userId: string, serverId: string): Promise<McpTool[] | null>;
  /** Queues a refresh of the lists that the test speaks for; what it finds counts as tested. Never rejects. */
  afterSuccessfulTest(actor: Pick<Actor, 'userId' | 'requestId'>, kind: ConnectionKind): Promise<void>;
  /** Drops what another token saw, and stops whoever is still reading with it. */
  afterCredentialChange(userId: string, kind: ConnectionKind): Promise<void>;
}

interface ToolCatalogDeps {
  catalog: Pick<ToolCatalogRepository, 'listOf' | 'forget'>;
  queue: JobQueue;
  /** Whether the connection's last test passed and still speaks for it. */
  isTested(userId: string, product: 'jira' | 'confluence'): Promise<boolean>;
  config(): Pick<ConfigFile, 'mcpServers'>;
  clock: { now(): number };
  log: { error(detail: object, message: string): void };
}

/** The tool lists as one person's tokens see them. */
export function createToolCatalog(deps: ToolCatalogDeps): ToolCatalog {
  const { catalog, queue, isTested, clock, log } = deps;
  const servers = () => toolServers(deps.config());
  const serversOf = (kind: ConnectionKind) => servers().filter(({ product }) => product === kind);

  async function testedServers(userId: string): Promise<McpServerConfig[]> {
    const products = new Map<string, boolean>();
    for (const product of ['jira', 'confluence'] as const)
      products.set(product, await isTested(userId, product));
    return servers().filter(({ product }) => products.get(product));
  }

  async function queueRefreshes(
    { userId, requestId }: Pick<Actor, 'userId' | 'requestId'>,
    among: readonly McpServerConfig[],
    afterTest: boolean,
  ): Promise<string[]> {
    const jobIds: string[] = [];
    for (const { id: serverId } of among) {
      const job = toolRefreshJob({ userId, serverId, afterTest }, requestId);
      jobIds.push(await queue.enqueue({ ...job, hasten: true }));
    }
    return jobIds;
  }

  return {
    async list({ userId }) {
      const [stored, tested] = [await catalog.listOf(userId), await testedServers(userId)];
      return servers().map((server) => {
        const list = stored.find(({ serverId }) => serverId === server.id);
        return toView(server, list, {
          isTested: tested.some(({ id }) => id === server.id),
          now: clock.now(),
        });
      });
    },

    async refresh(actor) {
      const [jobId] = await queueRefreshes(actor, await testedServers(actor.userId), false);
      if (jobId !== undefined) return { jobId };
      throw new InvalidError('nothing_to_refresh', 'No connection to a tool server has been tested yet.', {
        hint: 'Open Configurations and test Jira or Confluence: that also reads the tools.',
      });
    },

    async hintsFor(userId) {
      const tested = await testedServers(userId);
      const lists = (await catalog.listOf(userId)).filter(({ serverId }) =>
        tested.some(({ id }) => id === serverId),
      );
      return lists.flatMap((list) => [...list.capabilities, ...offNames(list).map(offHint)]);
    },

    async usableTools(userId, serverId) {
      const list = (await catalog.listOf(userId)).find((one) => one.serverId === serverId);
      if (!list || list.fetchedAt === null) return null;
      return list.tools.filter((tool) => !isSwitchedOff(tool, list.testedSchemas));
    },

    async afterSuccessfulTest(actor, kind) {
      try {
        await queueRefreshes(actor, serversOf(kind), true);
      } catch (err) {
        // The test itself went well and was kept; the regular refresh comes in any case.
        log.error({ err, user_id: actor.userId, outcome: 'failed' }, 'No refresh was queued after a test');
      }
    },

    async afterCredentialChange(userId, kind) {
      const serverIds = serversOf(kind).map(({ id }) => id);
      const subjects = serverIds.flatMap((serverId) => toolRefreshSubjects(userId, serverId));
      // First: from here on, a worker that still has the old token cannot write what it finds.
      await queue.cancelAbout(userId, subjects);
      await catalog.forget(userId, serverIds);
    },
  };
}

function toView(
  server: McpServerConfig,
  list: StoredCatalog | undefined,
  { isTested, now }: { isTested: boolean; now: number },
): CatalogView {
  const { id: serverId, product } = server;
  if (!list) {
    return { serverId, product, tools: [], capabilities: [], fetchedAt: null, stale: false, problem: null };
  }
  const { capabilities, fetchedAt, ttlMs, problem, testedSchemas } = list;
  const uses = usesOfTools(list.tools, server);
  const tools = list.tools.map((tool) => {
    const { name, description, readOnly } = tool;
    const off = isSwitchedOff(tool, testedSchemas);
    return { name, description, readOnly, off, uses: uses.get(name) ?? [] };
  });
  const stale = fetchedAt !== null && (!isTested || now > fetchedAt + ttlMs);
  const sentence = problem && [problem.message, problem.hint].filter(Boolean).join(' ');
  return { serverId, product, tools, capabilities, fetchedAt, stale, problem: sentence };
}

function offNames({ tools, testedSchemas }: StoredCatalog): string[] {
  return tools.filter((tool) => isSwitchedOff(tool, testedSchemas)).map(({ name }) => name);
}

function offHint(name: string): string {
  return `The tool ${name} has changed and is switched off until the person tests the connection again.`;
}
