import type { ConfigFile } from '../../contracts/config/config-file.ts';
import {
  secretPlaceholders,
  type McpServerConfig,
  type Product,
  type ToolServerEntry,
} from '../../contracts/config/tool-servers.ts';
import { placeholdersOf, textsOf } from './placeholders.ts';

const products = Object.keys(secretPlaceholders) as Product[];

/** The tool servers in force, in the file's order; then the built-in one of each product that none of them serves. */
export function toolServers({ mcpServers }: Pick<ConfigFile, 'mcpServers'>): McpServerConfig[] {
  const configured = Object.entries(mcpServers).flatMap(([id, entry]) => toolServer(id, entry) ?? []);
  const unserved = products.filter((product) => !configured.some((server) => server.product === product));
  const builtin = unserved.map((product) => ({
    kind: 'builtin' as const,
    id: product,
    product,
    profile: 'auto',
  }));
  return [...configured, ...builtin];
}

/** Whose tools an entry offers: as it says, or as its placeholders tell; null where neither does. */
export function productOf({ product, headers, env, args }: ToolServerEntry): Product | null {
  if (product) return product;
  const names = [...textsOf({ headers, env, args })].flatMap(({ text }) => placeholdersOf(text));
  const told = products.filter((one) =>
    Object.values<string>(secretPlaceholders[one]).some((name) => names.includes(name)),
  );
  return told.length === 1 ? (told[0] ?? null) : null;
}

/** Null for an entry that the checks of the file turn away. */
function toolServer(id: string, entry: ToolServerEntry): McpServerConfig | null {
  const product = productOf(entry);
  if (!product) return null;
  const { url, headers = {}, command, args = [], env = {}, profile, tools, descriptionFormat } = entry;
  const known = { id, product, profile, tools, descriptionFormat };
  if (entry.builtin) return { kind: 'builtin', ...known };
  if (url !== undefined) return { kind: 'http', ...known, url, headers };
  return command === undefined ? null : { kind: 'stdio', ...known, command, args, env };
}
