import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { secretPlaceholders, type McpServerConfig } from '../../../contracts/config/tool-servers.ts';
import { createBuiltinServer } from '../../mcp-server/builtin-server.ts';
import type { ProductAccess } from '../../mcp-server/builtin-server.ts';
import { fillToText } from '../llm/fill-template.ts';
import { createOutgoingFetch } from './outgoing-fetch.ts';

export interface OpenClient {
  client: Client;
  /** Ends the connection and whatever stands behind it: the server in this process, the child and its folder. */
  close(): Promise<void>;
}

/** How long a server may take to start and to greet. */
const GREETING_MS = 20_000;

/** One client with a transport of its own, for one person and one server. Rejects with what the SDK threw. */
export async function openClient(server: McpServerConfig, access: ProductAccess): Promise<OpenClient> {
  const client = new Client({ name: 'backlogue', version: '1.0.0' });
  const { transport, end } = await prepare(server, access);
  const close = async () => {
    await client.close().catch(() => {});
    await end();
  };
  try {
    await client.connect(transport, { timeout: GREETING_MS });
  } catch (error) {
    await close();
    throw error;
  }
  return { client, close };
}

interface Prepared {
  transport: Transport;
  end(): Promise<void>;
}

async function prepare(server: McpServerConfig, access: ProductAccess): Promise<Prepared> {
  if (server.kind === 'builtin') return inThisProcess(server, access);
  if (server.kind === 'http') return overHttp(server, access);
  return asChild(server, access);
}

async function inThisProcess(
  { product }: Extract<McpServerConfig, { kind: 'builtin' }>,
  access: ProductAccess,
): Promise<Prepared> {
  const builtin = createBuiltinServer(product, access);
  const [ours, theirs] = InMemoryTransport.createLinkedPair();
  await builtin.connect(theirs);
  return { transport: ours, end: () => builtin.close() };
}

function overHttp(server: Extract<McpServerConfig, { kind: 'http' }>, access: ProductAccess): Prepared {
  const transport = new StreamableHTTPClientTransport(new URL(server.url), {
    requestInit: { headers: filled(server.headers, server, access), redirect: 'manual' },
    fetch: createOutgoingFetch(access),
    // A lost answer is an unknown outcome, and ours to deal with.
    reconnectionOptions: {
      maxRetries: 0,
      initialReconnectionDelay: 1_000,
      maxReconnectionDelay: 1_000,
      reconnectionDelayGrowFactor: 1,
    },
  });
  return { transport, end: () => transport.terminateSession().catch(() => {}) };
}

/** A child for one person. Its own HOME and folder, so that two people's servers share no files. */
async function asChild(
  server: Extract<McpServerConfig, { kind: 'stdio' }>,
  access: ProductAccess,
): Promise<Prepared> {
  const folder = await mkdtemp(join(tmpdir(), 'backlogue-mcp-'));
  const env = filled(server.env, server, access);
  const transport = new StdioClientTransport({
    command: server.command,
    args: server.args.map((text) => withSecrets(text, server, access)),
    env: { ...env, HOME: folder, TMPDIR: folder },
    cwd: folder,
    // What it writes there may hold its token.
    stderr: 'ignore',
  });
  return { transport, end: () => rm(folder, { recursive: true, force: true }) };
}

function filled(
  templates: Readonly<Record<string, string>>,
  server: McpServerConfig,
  access: ProductAccess,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(templates).map(([name, text]) => [name, withSecrets(text, server, access)]),
  );
}

/** The person's own token and address in their places: only those of the product that the server serves. */
function withSecrets(text: string, { product }: McpServerConfig, { token, baseUrl }: ProductAccess): string {
  const names = secretPlaceholders[product];
  return fillToText(text, { [names.token]: token, [names.url]: baseUrl });
}
