import { z } from 'zod';
import { answerJson, argumentsRefused, isArgumentError, textFailure } from '../tool-answers.ts';
import type { ToolAnswer } from '../mcp-client.ts';
import type { ToolFailure, ToolProfile } from '../tool-profile.ts';

/**
 * Atlassian's own remote server. Cloud only: every call names a site by `cloudId`. Its answers were never seen by us,
 * so a create counts as done only with a key, and as failed only with a 400.
 */
export const rovoJira: ToolProfile = {
  id: 'rovo-jira',
  product: 'jira',
  descriptionFormat: 'markdown',
  needsIssueTypeId: false,
  failureOf,
  context: { tool: 'getAccessibleAtlassianResources', read: siteOf },
  uses: {
    createIssue: {
      tool: 'createJiraIssue',
      needs: ['cloudId', 'projectKey', 'issueTypeName', 'summary'],
      toArguments: (
        { projectKey, issueType, summary, description, descriptionMarkdown, labels, fields },
        context,
      ) => ({
        ...context,
        projectKey,
        issueTypeName: issueType,
        summary,
        description: descriptionMarkdown ?? description,
        additional_fields: { ...fields, ...(labels.length > 0 ? { labels } : {}) },
      }),
      read: (answer) => z.object({ key: z.string() }).safeParse(answerJson(answer)).data ?? null,
    },
    listProjects: {
      tool: 'getVisibleJiraProjects',
      needs: ['cloudId'],
      toArguments: (_input, context) => ({ ...context }),
    },
    searchIssues: {
      tool: 'searchJiraIssuesUsingJql',
      needs: ['cloudId', 'jql'],
      toArguments: ({ jql, limit }, context) => ({ ...context, jql, maxResults: Math.min(limit, 100) }),
    },
    getIssue: {
      tool: 'getJiraIssue',
      needs: ['cloudId', 'issueIdOrKey'],
      toArguments: ({ issueKey }, context) => ({ ...context, issueIdOrKey: issueKey }),
    },
  },
};

const sitesSchema = z.array(z.object({ id: z.string(), url: z.string() }));

/** The site of the connection; a token that sees one site only means that one. */
function siteOf(answer: ToolAnswer, baseUrl: string): Record<string, string> | null {
  const sites = sitesSchema.safeParse(answerJson(answer)).data ?? [];
  const site =
    sites.find(({ url }) => baseUrl.startsWith(url)) ?? (sites.length === 1 ? sites[0] : undefined);
  return site ? { cloudId: site.id } : null;
}

function failureOf(answer: ToolAnswer): ToolFailure | null {
  if (answer.isError && isArgumentError(answer.text)) return argumentsRefused(answer.text);
  const reported = z.object({ error: z.literal(true), message: z.string() }).safeParse(answerJson(answer));
  if (!answer.isError && !reported.success) return null;
  return textFailure(reported.data?.message ?? answer.text, (status) => status === 400);
}
