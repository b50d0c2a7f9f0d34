import type { McpServerConfig } from '../../../contracts/config/tool-servers.ts';
import { InvalidError, UpstreamError } from '../../errors/app-error.ts';
import type { ProductAccess } from '../../mcp-server/builtin-server.ts';
import type { McpClients, McpConnection } from './mcp-client.ts';
import type { McpTool } from './mcp-tool.ts';
import { repeatedReading } from './repeated-reading.ts';
import { mayBeCalledFor } from './reading-tools.ts';
import {
  isWriting,
  type Capability,
  type CapabilityInputs,
  type CapabilityResults,
  type ToolProfile,
  type ToolUse,
} from './tool-profile.ts';
import { profileOf, useOf } from './tool-profiles.ts';

export interface PersonToolsDeps {
  clients: McpClients;
  /** From config.json. */
  servers: () => McpServerConfig[];
  access: (product: 'jira' | 'confluence') => Promise<ProductAccess>;
  /** The person's tools of one server: from the catalog, or by asking the server. */
  toolsOf?: (connection: McpConnection) => Promise<McpTool[]>;
  userId: string;
  requestId: string;
}

export interface ChosenTool<C extends Capability> {
  connection: McpConnection;
  profile: ToolProfile;
  use: ToolUse<C>;
  /** What every call to this server takes besides. */
  context: Record<string, string>;
}

/** One person's tools, chosen by capability. */
export interface PersonTools {
  /** The first configured server that offers it by a known profile, or null. Reading is never had from a tool that writes. */
  choose<C extends Capability>(capability: C): Promise<ChosenTool<C> | null>;
  /**
   * Null where no tool offers it, or its answer is not one that we can read. Rejects with the failure of the tool. What
   * only reads is repeated while that may help.
   */
  tryRead<C extends Capability>(
    capability: C,
    input: CapabilityInputs[C],
    signal?: AbortSignal,
  ): Promise<CapabilityResults[C] | null>;
}

const PRODUCTS: Record<Capability, 'jira' | 'confluence' | 'either'> = {
  whoAmI: 'either',
  listProjects: 'jira',
  createFields: 'jira',
  createIssue: 'jira',
  searchIssues: 'jira',
  getIssue: 'jira',
  linkIssues: 'jira',
  deleteIssue: 'jira',
  searchPages: 'confluence',
  getPage: 'confluence',
};

export function createPersonTools(deps: PersonToolsDeps): PersonTools {
  const offered = new Map<string, Promise<McpTool[]>>();
  const toolsOf = deps.toolsOf ?? ((connection) => deps.clients.listTools(connection));

  function listOnce(connection: McpConnection): Promise<McpTool[]> {
    const known = offered.get(connection.server.id) ?? toolsOf(connection);
    offered.set(connection.server.id, known);
    // A failed list is asked for again the next time.
    known.catch(() => offered.delete(connection.server.id));
    return known;
  }

  async function choose<C extends Capability>(capability: C): Promise<ChosenTool<C> | null> {
    const product = PRODUCTS[capability] === 'confluence' ? 'confluence' : 'jira';
    for (const server of deps.servers()) {
      if (server.product !== product) continue;
      const connection = { userId: deps.userId, server, access: await deps.access(product) };
      const tools = await listOnce(connection);
      const profile = profileOf(server, tools);
      const use = profile && useOf(profile, capability, tools);
      if (profile && use && mayBeCalledFor(capability, use.tool, profile))
        return { connection, profile, use, context: await contextOf(profile, connection) };
    }
    return null;
  }

  async function contextOf(profile: ToolProfile, connection: McpConnection): Promise<Record<string, string>> {
    if (!profile.context) return {};
    const { tool, read } = profile.context;
    const answer = await deps.clients.callTool(connection, {
      name: tool,
      arguments: {},
      requestId: deps.requestId,
    });
    const context = read(answer, connection.access.baseUrl);
    if (context) return context;
    throw new InvalidError(
      'mcp_site_unknown',
      `The tool server ${connection.server.id} does not know this site.`,
    );
  }

  return {
    choose,
    async tryRead(capability, input, signal) {
      const chosen = await choose(capability);
      if (!chosen?.use.read) return null;
      const { connection, profile, use, context } = chosen;
      const ask = async () => {
        const answer = await deps.clients.callTool(connection, {
          name: use.tool,
          arguments: use.toArguments(input, context),
          requestId: deps.requestId,
          signal,
        });
        const failure = profile.failureOf(answer);
        if (!failure) return use.read?.(answer, connection.access.baseUrl) ?? null;
        const { code, message, kind, status, ...options } = failure;
        const upstream = connection.server.product;
        throw new UpstreamError(code, message, { ...options, upstream, kind, status: status ?? undefined });
      };
      // A change is sent once, whatever becomes of it.
      return isWriting(capability) ? ask() : repeatedReading(connection, signal, ask);
    },
  };
}
