import type { McpTool } from './mcp-tool.ts';
import type { Capability } from './tool-profile.ts';
import { capabilitiesOf, profileOf } from './tool-profiles.ts';

/** What a person's tools can do, each as a sentence for the model. */
const SENTENCES: Record<Capability, string> = {
  whoAmI: 'The tools can tell whose token is used.',
  listProjects: 'The tools can list the Jira projects that the person may see.',
  createFields: 'The tools can read which fields a Jira project asks for when an issue is created.',
  createIssue: 'The tools can create Jira issues, after the person has approved each one.',
  searchIssues: 'The tools can search Jira issues.',
  getIssue: 'The tools can read a Jira issue.',
  linkIssues: 'The tools can link Jira issues, so that split stories keep their order.',
  deleteIssue: 'The tools can delete a Jira issue, to undo a creation.',
  searchPages: 'The tools can search Confluence pages.',
  getPage: 'The tools can read a Confluence page.',
};

/** Only for hints: a tool is never called because its name looks right. */
const NAMES: [RegExp, Capability][] = [
  [/create.*issue/i, 'createIssue'],
  [/search.*issue|jql|jira.*search/i, 'searchIssues'],
  [/get.*issue$|read.*issue/i, 'getIssue'],
  [/link.*issue|issue.*link/i, 'linkIssues'],
  [/projects?$/i, 'listProjects'],
  [/search.*(page|content)|cql|confluence.*search/i, 'searchPages'],
  [/(get|read).*(page|content)$/i, 'getPage'],
];

/**
 * What one server's tools can do: by its mapping or a known profile, else guessed from names. The sentences are ours: no word of a
 * server reaches the model this way.
 */
export function capabilityHints(
  tools: readonly Pick<McpTool, 'name' | 'properties' | 'required'>[],
  server: Parameters<typeof profileOf>[0],
): { profile: string | null; capabilities: Capability[]; hints: string[] } {
  const profile = profileOf(server, tools);
  const capabilities = profile ? capabilitiesOf(profile, tools) : guessed(tools);
  return {
    profile: profile?.id ?? null,
    capabilities,
    hints: capabilities.map((capability) => SENTENCES[capability]),
  };
}

/**
 * What the agent calls each tool for, by the tool's name: sentences like the hints. Tools that are not there are never
 * called: what their server could do is read by REST, or not needed.
 */
export function usesOfTools(
  tools: readonly Pick<McpTool, 'name' | 'properties' | 'required'>[],
  server: Parameters<typeof profileOf>[0],
): Map<string, string[]> {
  const uses = new Map<string, string[]>();
  const profile = profileOf(server, tools);
  for (const capability of profile ? capabilitiesOf(profile, tools) : []) {
    const use = profile?.uses[capability];
    // One whose answers are not read is not asked.
    if (use?.read) uses.set(use.tool, [...(uses.get(use.tool) ?? []), SENTENCES[capability]]);
  }
  return uses;
}

function guessed(tools: readonly { name: string }[]): Capability[] {
  const found = NAMES.filter(([pattern]) => tools.some(({ name }) => pattern.test(name)));
  return [...new Set(found.map(([, capability]) => capability))];
}
