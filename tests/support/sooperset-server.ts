import { markdownToWiki } from '../../src/lib/server/adapters/markdown-to-wiki.ts';
import type { createLoopback } from './loopback.ts';
import { serveListedTools } from './mcp-http-server.ts';
import { publishedTools } from './published-tools.mjs';

interface SoopersetOptions {
  /** The Jira behind it, context path included. */
  jiraUrl: string;
  /** Asked after an issue was posted: whether the reading that follows fails, as it does where Jira is slow. */
  failsAfterPosting?(summary: string): boolean;
}

type Work = (given: Record<string, unknown>) => Promise<unknown>;

/**
 * A stand-in for sooperset/mcp-atlassian over streamable HTTP: all of its tools and their schemas, Markdown in, a reading of
 * the issue after each post, `Authorization: Token` for the person. What it was asked to create is kept.
 */
export async function serveSooperset(
  loopback: ReturnType<typeof createLoopback>,
  { jiraUrl, failsAfterPosting = () => false }: SoopersetOptions,
) {
  let authorization = '';
  const seen: Record<string, unknown>[] = [];
  const asked: Record<string, unknown>[] = [];

  async function jira(method: string, path: string, body?: object): Promise<unknown> {
    const response = await fetch(`${jiraUrl}/rest/api/2${path}`, {
      method,
      headers: {
        authorization: authorization.replace(/^Token /, 'Bearer '),
        'content-type': 'application/json',
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${response.status} Client Error: ${text}`);
    return text === '' ? null : JSON.parse(text);
  }

  async function createIssue(input: Record<string, unknown>) {
    asked.push(input);
    const fields = {
      project: { key: input['project_key'] },
      summary: input['summary'],
      issuetype: { name: input['issue_type'] },
      description: markdownToWiki(String(input['description'] ?? '')),
      ...(JSON.parse(String(input['additional_fields'] ?? '{}')) as object),
    };
    const { key } = (await jira('POST', '/issue', { fields })) as { key: string };
    if (failsAfterPosting(String(input['summary']))) throw new Error('Read timed out.');
    return { message: 'Issue created successfully', issue: { key } };
  }

  const behind: Record<string, Work> = {
    jira_get_all_projects: () => jira('GET', '/project'),
    jira_create_issue: createIssue,
    jira_search: ({ jql, limit }) => jira('POST', '/search', { jql, maxResults: limit }),
    jira_get_issue: (given) => jira('GET', `/issue/${String(given['issue_key'])}`),
    async jira_create_issue_link(given) {
      await jira('POST', '/issueLink', {
        type: { name: given['link_type'] },
        inwardIssue: { key: given['inward_issue_key'] },
        outwardIssue: { key: given['outward_issue_key'] },
      });
      return { message: 'Link created successfully' };
    },
  };
  const published = publishedTools('sooperset/mcp-atlassian');

  /** FastMCP tells a tool's exception, and arguments that do not fit, as an error result. */
  async function call(name: string, given: Record<string, unknown>) {
    try {
      const misfit = published.misfit(name, given);
      if (misfit !== null) throw new Error(misfit);
      const work = behind[name];
      // Its pages' answers hold Markdown or HTML, and not the storage format that quotes are taken from: never called.
      if (!work) throw new Error('Nothing stands behind this tool.');
      return { text: JSON.stringify(await work(given)) };
    } catch (error) {
      const text = `Error calling tool '${name.replace('jira_', '')}': ${(error as Error).message}`;
      return { text, isError: true };
    }
  }

  const url = await serveListedTools(loopback, published.tools, call, (headers) => {
    authorization = String(headers['authorization'] ?? '');
    seen.push(headers);
  });
  return {
    url,
    asked,
    /** The header of the last call. */
    authorization: () => authorization,
    /** Those of every call, in order. */
    headers: (): readonly Record<string, unknown>[] => seen,
  };
}
