import { z } from 'zod';
import { answerJson, reportedFailure } from '../tool-answers.ts';
import type { ToolProfile } from '../tool-profile.ts';

/**
 * sooperset/mcp-atlassian for Jira. Its create tool reads the issue after posting it, so that an error may come from
 * the reading: only a 400 can stem from the post alone. Its description is Markdown, further fields are a JSON string.
 */
export const soopersetJira: ToolProfile = {
  id: 'sooperset-jira',
  product: 'jira',
  descriptionFormat: 'markdown',
  needsIssueTypeId: false,
  failureOf: reportedFailure,
  uses: {
    listProjects: { tool: 'jira_get_all_projects', needs: [], toArguments: () => ({}) },
    createIssue: {
      tool: 'jira_create_issue',
      needs: ['project_key', 'summary', 'issue_type', 'description', 'additional_fields'],
      toArguments: ({
        projectKey,
        issueType,
        summary,
        description,
        descriptionMarkdown,
        labels,
        fields,
      }) => ({
        project_key: projectKey,
        issue_type: issueType,
        summary,
        description: descriptionMarkdown ?? description,
        additional_fields: JSON.stringify({ ...fields, ...(labels.length > 0 ? { labels } : {}) }),
      }),
      read: (answer) => createdSchema.safeParse(answerJson(answer)).data ?? null,
    },
    searchIssues: {
      tool: 'jira_search',
      needs: ['jql', 'limit'],
      toArguments: ({ jql, limit }) => ({ jql, limit: Math.min(limit, 50) }),
    },
    getIssue: {
      tool: 'jira_get_issue',
      needs: ['issue_key'],
      toArguments: ({ issueKey }) => ({ issue_key: issueKey, update_history: false }),
    },
    linkIssues: {
      tool: 'jira_create_issue_link',
      needs: ['link_type', 'inward_issue_key', 'outward_issue_key'],
      toArguments: ({ type, from, to }) => ({
        link_type: type,
        inward_issue_key: from,
        outward_issue_key: to,
      }),
      read: () => true,
    },
    deleteIssue: {
      tool: 'jira_delete_issue',
      needs: ['issue_key'],
      toArguments: ({ issueKey }) => ({ issue_key: issueKey }),
      read: () => true,
    },
  },
};

/** sooperset/mcp-atlassian for Confluence. */
export const soopersetConfluence: ToolProfile = {
  id: 'sooperset-confluence',
  product: 'confluence',
  descriptionFormat: 'markdown',
  needsIssueTypeId: false,
  failureOf: reportedFailure,
  uses: {
    searchPages: {
      tool: 'confluence_search',
      needs: ['query', 'limit'],
      toArguments: ({ cql, limit }) => ({ query: cql, limit: Math.min(limit, 50) }),
    },
    getPage: {
      tool: 'confluence_get_page',
      needs: ['page_id', 'convert_to_markdown'],
      toArguments: ({ pageId }) => ({ page_id: pageId, convert_to_markdown: false }),
    },
  },
};

const createdSchema = z
  .object({ issue: z.object({ key: z.string() }) })
  .or(z.object({ key: z.string() }))
  .transform((created) => ({ key: 'issue' in created ? created.issue.key : created.key }));
