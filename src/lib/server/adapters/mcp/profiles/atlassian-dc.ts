import { z } from 'zod';
import { refusalDetails } from '../../atlassian/refusal-details.ts';
import { toPage, toPageSummary } from '../../confluence/confluence-page.ts';
import { confluenceContentListSchema, confluenceContentSchema } from '../../confluence/confluence-schemas.ts';
import { storageToParagraphs } from '../../confluence/storage-to-paragraphs.ts';
import { toIssue } from '../../jira/jira-issue.ts';
import { jiraIssueSchema } from '../../jira/jira-schemas.ts';
import { answerJson, argumentsRefused, isDefiniteStatus, textFailure } from '../tool-answers.ts';
import type { ToolAnswer } from '../mcp-client.ts';
import type { ToolFailure, ToolProfile } from '../tool-profile.ts';

const ISSUE_FIELDS = [
  'summary',
  'description',
  'status',
  'issuetype',
  'project',
  'labels',
  'created',
  'updated',
  'issuelinks',
];

/**
 * @atlassian-dc-mcp/jira. Hands on Jira's own bodies as `{success, data}`. A refusal of Jira is an ordinary result with
 * `success: false`; `isError` means that the arguments did not fit.
 */
export const atlassianDcJira: ToolProfile = {
  id: 'atlassian-dc-jira',
  product: 'jira',
  descriptionFormat: 'wiki',
  needsIssueTypeId: true,
  failureOf,
  uses: {
    createIssue: {
      tool: 'jira_createIssue',
      needs: ['projectId', 'summary', 'description', 'issueTypeId', 'customFields'],
      toArguments: ({ projectKey, issueTypeId, summary, description, labels, fields }) => ({
        // A key, despite its name.
        projectId: projectKey,
        issueTypeId,
        summary,
        description,
        customFields: { ...fields, ...(labels.length > 0 ? { labels } : {}) },
      }),
      read: (answer) => dataOf(z.object({ key: z.string() }), answer),
    },
    searchIssues: {
      tool: 'jira_searchIssues',
      needs: ['jql', 'maxResults', 'fields'],
      toArguments: ({ jql, limit }) => ({ jql, maxResults: limit, fields: ISSUE_FIELDS }),
      read: (answer, baseUrl) =>
        dataOf(z.object({ issues: z.array(jiraIssueSchema) }), answer)?.issues.map((issue) =>
          toIssue(issue, baseUrl),
        ) ?? null,
    },
    getIssue: {
      tool: 'jira_getIssue',
      needs: ['issueKey', 'fields'],
      toArguments: ({ issueKey }) => ({ issueKey, fields: ISSUE_FIELDS }),
      read: (answer, baseUrl) => {
        const issue = dataOf(jiraIssueSchema, answer);
        return issue && toIssue(issue, baseUrl);
      },
    },
    linkIssues: {
      tool: 'jira_linkIssues',
      needs: ['inwardIssueKey', 'outwardIssueKey', 'linkType'],
      toArguments: ({ type, from, to }) => ({ linkType: type, inwardIssueKey: from, outwardIssueKey: to }),
      read: () => true,
    },
  },
};

/** @atlassian-dc-mcp/confluence. */
export const atlassianDcConfluence: ToolProfile = {
  id: 'atlassian-dc-confluence',
  product: 'confluence',
  descriptionFormat: 'wiki',
  needsIssueTypeId: false,
  failureOf,
  uses: {
    searchPages: {
      tool: 'confluence_searchContent',
      needs: ['cql', 'limit', 'expand'],
      toArguments: ({ cql, limit }) => ({ cql, limit, expand: 'space,version' }),
      read: (answer, baseUrl) =>
        dataOf(confluenceContentListSchema, answer)?.results.map((page) => toPageSummary(page, baseUrl)) ??
        null,
    },
    getPage: {
      tool: 'confluence_getContent',
      needs: ['contentId', 'bodyMode'],
      toArguments: ({ pageId }) => ({
        contentId: pageId,
        bodyMode: 'storage',
        expand: 'body.storage,version,space',
      }),
      read: (answer, baseUrl) => {
        const content = dataOf(confluenceContentSchema, answer);
        // A page without its text is none: it is read by REST then.
        if (content?.body?.storage?.value === undefined) return null;
        const { storage, ...page } = toPage(content, baseUrl);
        return { ...page, paragraphs: storageToParagraphs(storage) };
      },
    },
  },
};

function dataOf<T>(schema: z.ZodType<T>, answer: ToolAnswer): T | null {
  return (
    z.object({ success: z.literal(true), data: schema }).safeParse(answerJson(answer)).data?.data ?? null
  );
}

const refusedSchema = z.object({
  success: z.literal(false),
  error: z.string().default(''),
  details: z.unknown(),
});

function failureOf(answer: ToolAnswer): ToolFailure | null {
  if (answer.isError) return argumentsRefused(answer.text);
  const refused = refusedSchema.safeParse(answerJson(answer));
  if (!refused.success) return null;
  const failure = textFailure(refused.data.error, isDefiniteStatus);
  const { sentence, fields } = refusalDetails(JSON.stringify(refused.data.details ?? null));
  return sentence === '' ? failure : { ...failure, message: `The request was refused: ${sentence}`, fields };
}
