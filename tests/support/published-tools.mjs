/**
 * The tools of servers that companies run, with the schemas that these publish (descriptions left out): what a stand-in
 * lists, and what it takes. Of @atlassian-dc-mcp they were listed by the running program, of sooperset/mcp-atlassian
 * taken from its sources.
 */
import { readFileSync } from 'node:fs';
import { fromJSONSchema } from 'zod';

/** @typedef {{ name: string, inputSchema: { type: 'object', properties?: Record<string, object> } }} PublishedTool */

const published = JSON.parse(readFileSync(new URL('published-tools.json', import.meta.url), 'utf8'));

/**
 * @param {string} server
 * @returns {{ tools: PublishedTool[], misfit(name: string, given: Record<string, unknown>): string | null }}
 */
export function publishedTools(server) {
  const { tools } = published[server];
  return {
    tools,
    /** Why a call does not fit the tool's schema, or null. */
    misfit(name, given) {
      const tool = tools.find((one) => one.name === name);
      if (!tool) return `Unknown tool: ${name}`;
      const unknown = Object.keys(given).filter((key) => !(key in (tool.inputSchema.properties ?? {})));
      if (unknown.length > 0) return `Unexpected arguments: ${unknown.join(', ')}`;
      const parsed = fromJSONSchema(tool.inputSchema).safeParse(given);
      return parsed.success ? null : parsed.error.message;
    },
  };
}
