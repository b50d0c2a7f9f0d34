import { createMcpClients, type McpConnection } from '../adapters/mcp/mcp-client.ts';
import { InvalidError } from '../errors/app-error.ts';
import { createIssueDesk } from '../services/desks/issue-desk.ts';
import type { Person } from '../services/desks/remote-access.ts';
import { createWritingTools } from '../services/desks/writing-tools.ts';
import type { IssueDesk } from '../services/issue-creation/issue-desk.ts';
import type { ToolCatalog } from '../services/tool-catalog-service.ts';
import type { Foundations } from './foundations.ts';
import type { Remotes } from './remotes.ts';

export interface IssueDesks {
  /** Jira with this person's token. Rejects with `connection_missing` until they have entered one. */
  deskFor: (person: Person) => Promise<IssueDesk>;
  close(): Promise<void>;
}

interface IssueDeskDeps {
  foundations: Foundations;
  remotes: Remotes;
  catalog: Pick<ToolCatalog, 'switchedOff'>;
}

/** One MCP client a person and server; its desk is cheap and made for each piece of work. */
export function openIssueDesks({ foundations, remotes }: IssueDeskDeps): IssueDesks {
  const { config, log } = foundations;
  const clients = createMcpClients({ log });

  async function deskFor(person: Person): Promise<IssueDesk> {
    const credential = await remotes.credentials.jira(person.userId);
    const jira = remotes.access.jiraWith({ ...credential, requestId: person.requestId });
    const server = config.current().config.mcp.servers.find(({ product }) => product === 'jira');
    if (!server)
      throw new InvalidError('mcp_missing', 'No MCP server for Jira is configured.', {
        hint: 'Ask your administrator to add one to config.json.',
      });
    const connection: McpConnection = {
      userId: person.userId,
      server,
      access: remotes.access.productAccess('jira', credential),
    };
    return createIssueDesk({ jira, tools: createWritingTools(clients, connection, person.requestId) });
  }

  return { deskFor, close: () => clients.close() };
}
