import type { McpServerConfig } from '../../../contracts/config/tool-servers.ts';
import type { McpTool } from './mcp-tool.ts';
import { atlassianDcConfluence, atlassianDcJira } from './profiles/atlassian-dc.ts';
import { builtinConfluence, builtinJira } from './profiles/builtin.ts';
import { mappedProfile } from './profiles/mapped.ts';
import { rovoJira } from './profiles/rovo.ts';
import { soopersetConfluence, soopersetJira } from './profiles/sooperset.ts';
import type { Capability, ToolProfile, ToolUse } from './tool-profile.ts';

/** The known sets of tools, ours first. */
export const toolProfiles: readonly ToolProfile[] = [
  builtinJira,
  builtinConfluence,
  soopersetJira,
  soopersetConfluence,
  atlassianDcJira,
  atlassianDcConfluence,
  rovoJira,
];

type Offered = Pick<McpTool, 'name' | 'properties' | 'required'>;

type Recognised = Pick<McpServerConfig, 'id' | 'product' | 'profile' | 'tools' | 'descriptionFormat'>;

/** How a server's tools are used: as config.json maps them, else as a known set. Null where neither says. */
export function profileOf(server: Recognised, tools: readonly Offered[]): ToolProfile | null {
  const known = recogniseProfile(tools, server.product, server.profile);
  return server.tools ? mappedProfile({ ...server, tools: server.tools }, known) : known;
}

/**
 * Which known set a server's tools are: the one of which most capabilities are there, by exact names and properties.
 * Null when none is. `wanted` is `profile` of config.json: `auto`, or the id of a profile, which then counts alone.
 */
export function recogniseProfile(
  tools: readonly Offered[],
  product: 'jira' | 'confluence',
  wanted = 'auto',
): ToolProfile | null {
  if (wanted !== 'auto') return toolProfiles.find(({ id }) => id === wanted) ?? null;
  const ranked = toolProfiles
    .filter((profile) => profile.product === product)
    .map((profile) => ({ profile, found: capabilitiesOf(profile, tools).length }))
    .filter(({ found }) => found > 0)
    .sort((a, b) => b.found - a.found);
  return ranked[0]?.profile ?? null;
}

/** The capabilities of a profile that a server really offers. */
export function capabilitiesOf(profile: ToolProfile, tools: readonly Offered[]): Capability[] {
  return capabilities.filter((capability) => useOf(profile, capability, tools) !== null);
}

/** How to have a capability from a server, or null where it lacks the tool, a property, or asks for more than we know. */
export function useOf<C extends Capability>(
  profile: ToolProfile,
  capability: C,
  tools: readonly Offered[],
): ToolUse<C> | null {
  const use = profile.uses[capability];
  const tool = tools.find(({ name }) => name === use?.tool);
  if (!use || !tool) return null;
  const fits = use.needs.every((property) => tool.properties.includes(property));
  const isSatisfied = tool.required.every((property) => use.needs.includes(property));
  return fits && isSatisfied ? use : null;
}

const capabilities: Capability[] = [
  'whoAmI',
  'listProjects',
  'createFields',
  'createIssue',
  'searchIssues',
  'getIssue',
  'linkIssues',
  'deleteIssue',
  'searchPages',
  'getPage',
];
