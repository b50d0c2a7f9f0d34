import { z } from 'zod';
import { markdownToWiki } from '../../src/lib/server/adapters/markdown-to-wiki.ts';
import type { createLoopback } from './loopback.ts';
import { serveMcp, type ScriptedTool } from './mcp-http-server.ts';

interface SoopersetOptions {
  /** The Jira behind it, context path included. */
  jiraUrl: string;
  /** Asked after an issue was posted: whether the reading that follows fails, as it does where Jira is slow. */
  failsAfterPosting?(summary: string): boolean;
}

/**
 * A stand-in for sooperset/mcp-atlassian over streamable HTTP: its tool names and schemas, Markdown in, a reading of
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

  const tools: ScriptedTool[] = [
    tool('jira_get_all_projects', { include_archived: z.boolean().optional() }, () =>
      jira('GET', '/project'),
    ),
    tool(
      'jira_create_issue',
      {
        project_key: z.string(),
        summary: z.string(),
        issue_type: z.string(),
        assignee: z.string().optional(),
        description: z.string().optional(),
        components: z.string().optional(),
        additional_fields: z.string().optional(),
      },
      createIssue,
    ),
    tool(
      'jira_search',
      {
        jql: z.string(),
        fields: z.string().optional(),
        limit: z.number().int().optional(),
        start_at: z.number().int().optional(),
        projects_filter: z.string().optional(),
        expand: z.string().optional(),
        page_token: z.string().optional(),
        use_display_names: z.boolean().optional(),
      },
      ({ jql, limit }) => jira('POST', '/search', { jql, maxResults: limit }),
    ),
    tool(
      'jira_get_issue',
      {
        issue_key: z.string(),
        fields: z.string().optional(),
        expand: z.string().optional(),
        comment_limit: z.number().int().optional(),
        properties: z.string().optional(),
        update_history: z.boolean().optional(),
        include: z.string().optional(),
        use_display_names: z.boolean().optional(),
      },
      (input) => jira('GET', `/issue/${String(input['issue_key'])}`),
    ),
    tool(
      'jira_create_issue_link',
      {
        link_type: z.string(),
        inward_issue_key: z.string(),
        outward_issue_key: z.string(),
        comment: z.string().optional(),
        comment_visibility: z.string().optional(),
      },
      async (input) => {
        await jira('POST', '/issueLink', {
          type: { name: input['link_type'] },
          inwardIssue: { key: input['inward_issue_key'] },
          outwardIssue: { key: input['outward_issue_key'] },
        });
        return { message: 'Link created successfully' };
      },
    ),
  ];
  // Listed and never called: their answers hold Markdown or HTML, and not the storage format that quotes are taken from.
  const pageTools: ScriptedTool[] = [
    tool(
      'confluence_search',
      { query: z.string(), limit: z.number().int().optional(), spaces_filter: z.string().optional() },
      neverCalled,
    ),
    tool(
      'confluence_get_page',
      {
        page_id: z.string().optional(),
        title: z.string().optional(),
        space_key: z.string().optional(),
        include_metadata: z.boolean().optional(),
        convert_to_markdown: z.boolean().optional(),
      },
      neverCalled,
    ),
  ];
  const url = await serveMcp(loopback, [...tools, ...pageTools], (headers) => {
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

function neverCalled(): Promise<never> {
  return Promise.reject(new Error('This stand-in has no Confluence behind it.'));
}

/** FastMCP tells a tool's exception as an error result. */
function tool(
  name: string,
  input: z.ZodRawShape,
  work: (input: Record<string, unknown>) => Promise<unknown>,
): ScriptedTool {
  return {
    name,
    input,
    async answer(given) {
      try {
        return { text: JSON.stringify(await work(given)) };
      } catch (error) {
        const text = `Error calling tool '${name.replace('jira_', '')}': ${(error as Error).message}`;
        return { text, isError: true };
      }
    },
  };
}
