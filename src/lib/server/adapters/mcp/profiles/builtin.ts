import { z } from 'zod';
import {
  answerJson,
  argumentsRefused,
  isArgumentError,
  isDefiniteStatus,
  textFailure,
} from '../tool-answers.ts';
import type { ToolAnswer } from '../mcp-client.ts';
import type { ToolFailure, ToolProfile } from '../tool-profile.ts';

const failureSchema = z.object({
  code: z.string(),
  message: z.string(),
  kind: z.enum(['refused', 'credential', 'rate_limited', 'unknown', 'unreadable']),
  status: z.number().optional(),
  retryAfterMs: z.number().optional(),
  fields: z.record(z.string(), z.string()).optional(),
  hint: z.string().optional(),
});

const linkSchema = z.object({
  id: z.string(),
  type: z.string(),
  phrase: z.string(),
  direction: z.enum(['outward', 'inward']),
  key: z.string(),
});
const issueSchema = z.object({
  key: z.string(),
  url: z.string(),
  projectKey: z.string(),
  issueType: z.string(),
  summary: z.string(),
  description: z.string(),
  status: z.string(),
  labels: z.array(z.string()),
  created: z.string(),
  updated: z.string(),
  links: z.array(linkSchema).default([]),
});
const pageSchema = z.object({
  id: z.string(),
  title: z.string(),
  spaceKey: z.string(),
  version: z.number().nullable(),
  url: z.string(),
});

/** Our own server for Jira: see src/lib/server/mcp-server. */
export const builtinJira: ToolProfile = {
  id: 'builtin-jira',
  product: 'jira',
  descriptionFormat: 'wiki',
  needsIssueTypeId: false,
  failureOf,
  uses: {
    whoAmI: {
      tool: 'who_am_i',
      needs: [],
      toArguments: () => ({}),
      read: reading(z.object({ employeeId: z.string() })),
    },
    listProjects: {
      tool: 'list_projects',
      needs: [],
      toArguments: () => ({}),
      read: reading(
        z
          .object({ projects: z.array(z.object({ key: z.string(), name: z.string() })) })
          .transform((all) => all.projects),
      ),
    },
    createFields: {
      tool: 'get_create_fields',
      needs: ['projectKey', 'issueTypeId'],
      toArguments: (input) => ({ ...input }),
      read: reading(z.object({ fields: z.array(z.unknown()) }).transform(({ fields }) => fields)),
    },
    createIssue: {
      tool: 'create_issue',
      needs: ['projectKey', 'issueType', 'summary', 'description', 'labels', 'fields'],
      toArguments: ({ projectKey, issueType, summary, description, labels, fields }) => ({
        projectKey,
        issueType,
        summary,
        description,
        labels,
        fields,
      }),
      read: reading(z.object({ key: z.string() })),
    },
    searchIssues: {
      tool: 'search_issues',
      needs: ['jql', 'limit'],
      toArguments: (input) => ({ ...input }),
      read: reading(z.object({ issues: z.array(issueSchema) }).transform(({ issues }) => issues)),
    },
    getIssue: {
      tool: 'get_issue',
      needs: ['issueKey'],
      toArguments: (input) => ({ ...input }),
      read: reading(issueSchema),
    },
    linkIssues: {
      tool: 'link_issues',
      needs: ['type', 'from', 'to'],
      toArguments: (input) => ({ ...input }),
      read: () => true,
    },
    deleteIssue: {
      tool: 'delete_issue',
      needs: ['issueKey'],
      toArguments: (input) => ({ ...input }),
      read: () => true,
    },
  },
};

/** Our own server for Confluence. */
export const builtinConfluence: ToolProfile = {
  id: 'builtin-confluence',
  product: 'confluence',
  descriptionFormat: 'wiki',
  needsIssueTypeId: false,
  failureOf,
  uses: {
    whoAmI: {
      tool: 'who_am_i',
      needs: [],
      toArguments: () => ({}),
      read: reading(z.object({ employeeId: z.string() })),
    },
    searchPages: {
      tool: 'search_pages',
      needs: ['cql', 'limit'],
      toArguments: (input) => ({ ...input }),
      read: reading(z.object({ pages: z.array(pageSchema) }).transform(({ pages }) => pages)),
    },
    getPage: {
      tool: 'get_page',
      needs: ['pageId'],
      toArguments: (input) => ({ ...input }),
      read: reading(pageSchema.extend({ paragraphs: z.array(z.string()) })),
    },
  },
};

function reading<T>(schema: z.ZodType<T>) {
  return (answer: ToolAnswer): T | null => schema.safeParse(answerJson(answer)).data ?? null;
}

function failureOf(answer: ToolAnswer): ToolFailure | null {
  if (!answer.isError) return null;
  const parsed = failureSchema.safeParse(answer.structured);
  if (parsed.success) {
    const { kind, status } = parsed.data;
    const neverLeft = status === undefined && (kind === 'refused' || kind === 'credential');
    const isDefinite = kind === 'rate_limited' || neverLeft || isDefiniteStatus(status);
    return { ...parsed.data, status: status ?? null, isDefinite };
  }
  return isArgumentError(answer.text) ? argumentsRefused(answer.text) : textFailure(answer.text, () => false);
}
