import { capabilityHints } from '../adapters/mcp/capabilities.ts';
import { createIssueTools } from '../adapters/mcp/issue-tools.ts';
import { createMcpClients } from '../adapters/mcp/mcp-client.ts';
import { measuredMcpClients } from '../adapters/mcp/measured-clients.ts';
import type { BacklogSearch } from '../../agent/ports.ts';
import { InvalidError } from '../errors/app-error.ts';
import { createBacklogDesk } from '../services/desks/backlog-desk.ts';
import type { ProbeDeps } from '../services/desks/connection-probes.ts';
import { createIssueDesk } from '../services/desks/issue-desk.ts';
import { createUndoDesk, type UndoDesk } from '../services/desks/undo-desk.ts';
import type { Person } from '../services/desks/remote-access.ts';
import type { IssueDesk } from '../services/issue-creation/issue-desk.ts';
import type { ToolCatalog } from '../services/tool-catalog-service.ts';
import { toolServers } from '../settings/tool-servers.ts';
import type { Foundations } from './foundations.ts';
import type { Remotes } from './remotes.ts';

export interface IssueDesks {
  /** Jira with this person's tools. Rejects with `connection_missing` until they have entered a token. */
  deskFor: (person: Person) => Promise<IssueDesk>;
  /** For questions: reading only. */
  backlogDeskFor: (person: Person, pagesAllowed: () => Promise<boolean>) => Promise<BacklogSearch>;
  /** For taking issues back. */
  undoDeskFor: (person: Person) => Promise<UndoDesk>;
  /** Lists the tools of one server with a credential that is being tested. */
  listTools: ProbeDeps['listTools'];
  /** Ends the clients that still hold a former token. */
  forget: (userId: string) => Promise<void>;
  close(): Promise<void>;
}

interface IssueDeskDeps {
  foundations: Foundations;
  remotes: Remotes;
  catalog: Pick<ToolCatalog, 'usableTools'>;
}

/** One MCP client a person and server; a desk is cheap and made for each piece of work. */
export function openIssueDesks({ foundations, remotes, catalog }: IssueDeskDeps): IssueDesks {
  const { config, log, metrics } = foundations;
  const clients = measuredMcpClients(createMcpClients({ log, limits: () => config.current().config.mcp }), {
    metrics,
    log,
  });
  const toolsFor = createIssueTools({
    clients,
    servers: () => toolServers(config.current().config),
    access: async (userId, product) =>
      remotes.access.productAccess(product, await remotes.credentials[product](userId)),
    toolsOf: async (connection) =>
      (await catalog.usableTools(connection.userId, connection.server.id)) ?? clients.listTools(connection),
  });

  return {
    async deskFor(person) {
      // Asked for now, so that a missing token is told before any work begins.
      await remotes.credentials.jira(person.userId);
      return createIssueDesk(toolsFor(person));
    },
    async backlogDeskFor(person, pagesAllowed) {
      await remotes.credentials.jira(person.userId);
      return createBacklogDesk({ tools: toolsFor(person), pagesAllowed });
    },
    async undoDeskFor(person) {
      await remotes.credentials.jira(person.userId);
      return createUndoDesk({ tools: toolsFor(person), jira: () => remotes.access.jira(person) });
    },
    async listTools({ userId, product, serverId, credential }, signal) {
      const server = toolServers(config.current().config).find(({ id }) => id === serverId);
      if (!server) throw new InvalidError('server_missing', 'This tool server is no longer configured.');
      const access = remotes.access.productAccess(product, credential);
      const tools = await clients.listTools({ userId, server, access }, { signal });
      const { capabilities } = capabilityHints(tools, server);
      return { serverId, tools: tools.length, capabilities: capabilities.length };
    },
    forget: clients.forget,
    close: clients.close,
  };
}
