import { z } from 'zod';
import { createRestCaller } from './atlassian/rest-caller.ts';
import type { RestCaller, RestDeps } from './atlassian/rest-caller.ts';
import { readTokenExpiry } from './atlassian/token-expiry.ts';
import { historyFields, jiraHistorySchema, toHistory, type IssueHistory } from './jira/issue-history.ts';
import { toIssue } from './jira/jira-issue.ts';
import type { JiraIssue } from './jira/jira-issue.ts';
import {
  jiraCreateFieldSchema,
  jiraCreatedSchema,
  jiraFieldSchema,
  jiraIssueSchema,
  jiraIssueTypeSchema,
  jiraLinkTypesSchema,
  jiraMyselfSchema,
  jiraPageSchema,
  jiraPermissionsSchema,
  jiraProjectSchema,
  jiraSearchSchema,
  jiraServerInfoSchema,
  jiraTransitionsSchema,
} from './jira/jira-schemas.ts';
import type {
  JiraCreateField,
  JiraCreated,
  JiraField,
  JiraIssueType,
  JiraLinkType,
  JiraMyself,
  JiraProject,
  JiraServerInfo,
  JiraTransition,
} from './jira/jira-schemas.ts';

/**
 * Jira Data Center's REST API v2 with one person's token. Every method rejects with an UpstreamError; reading ones
 * are repeated where that helps, changing ones are sent once.
 */
export interface JiraRest {
  readonly baseUrl: string;
  /** Whose token it is. The only proof that it works: a search with a refused token is an empty success. */
  myself(): Promise<JiraMyself>;
  /** When that token runs out, milliseconds since 1970; null where it never does or Jira does not tell. */
  tokenExpiresAt(): Promise<number | null>;
  serverInfo(): Promise<JiraServerInfo>;
  /** Whether the token may create issues in any project. */
  mayCreateIssues(): Promise<boolean>;
  /** Those that the token can see, without archived ones. */
  projects(): Promise<JiraProject[]>;
  project(projectKey: string): Promise<JiraProject>;
  fields(): Promise<JiraField[]>;
  /** Those that the token may create in the project. */
  issueTypes(projectKey: string): Promise<JiraIssueType[]>;
  /** The create screen of one issue type. */
  createFields(projectKey: string, issueTypeId: string): Promise<JiraCreateField[]>;
  /** From the index, which lags behind what was just written. */
  search(query: {
    jql: string;
    startAt?: number;
    limit?: number;
  }): Promise<{ total: number; issues: JiraIssue[] }>;
  /** From the database: current at once. */
  issue(issueKey: string): Promise<JiraIssue>;
  /** What happened to it since it was created. */
  history(issueKey: string): Promise<IssueHistory>;
  create(fields: Record<string, unknown>): Promise<JiraCreated>;
  linkTypes(): Promise<JiraLinkType[]>;
  /** As the API names them: with Blocks, `inward` blocks `outward`. See `jira/link-issues.ts` for the safe way. */
  createLink(link: { type: string; inward: string; outward: string }): Promise<void>;
  deleteLink(linkId: string): Promise<void>;
  remove(issueKey: string): Promise<void>;
  transitions(issueKey: string): Promise<JiraTransition[]>;
  transition(issueKey: string, transitionId: string): Promise<void>;
  updateLabels(issueKey: string, change: { add?: string[]; remove?: string[] }): Promise<void>;
}

const API = '/rest/api/2';
const ISSUE_FIELDS = [
  'summary',
  'description',
  'status',
  'issuetype',
  'project',
  'labels',
  'created',
  'updated',
];
const PAGE_SIZE = 100;
/** Against a server whose pages never end. */
const MOST_PAGES = 50;

export function createJiraRest(deps: RestDeps): JiraRest {
  const rest = createRestCaller('jira', deps);
  const { baseUrl } = deps;
  const issuePath = (issueKey: string) => `${API}/issue/${encodeURIComponent(issueKey)}`;
  const screenPath = (projectKey: string) =>
    `${API}/issue/createmeta/${encodeURIComponent(projectKey)}/issuetypes`;

  return {
    baseUrl,
    myself: () => rest.read({ path: `${API}/myself` }, jiraMyselfSchema),
    tokenExpiresAt: () => readTokenExpiry(rest, Date.now()),
    serverInfo: () => rest.read({ path: `${API}/serverInfo` }, jiraServerInfoSchema),
    async mayCreateIssues() {
      const { permissions } = await rest.read({ path: `${API}/mypermissions` }, jiraPermissionsSchema);
      return permissions['CREATE_ISSUES']?.havePermission === true;
    },
    async projects() {
      const projects = await rest.read({ path: `${API}/project` }, z.array(jiraProjectSchema));
      return projects.filter(({ archived }) => !archived);
    },
    project: (projectKey) =>
      rest.read({ path: `${API}/project/${encodeURIComponent(projectKey)}` }, jiraProjectSchema),
    fields: () => rest.read({ path: `${API}/field` }, z.array(jiraFieldSchema)),
    issueTypes: (projectKey) => allPages(rest, screenPath(projectKey), jiraIssueTypeSchema),
    createFields: (projectKey, issueTypeId) =>
      allPages(rest, `${screenPath(projectKey)}/${encodeURIComponent(issueTypeId)}`, jiraCreateFieldSchema),
    async search({ jql, startAt = 0, limit = 50 }) {
      const body = { jql, startAt, maxResults: limit, fields: ISSUE_FIELDS };
      const page = await rest.read({ method: 'POST', path: `${API}/search`, body }, jiraSearchSchema);
      return { total: page.total, issues: page.issues.map((issue) => toIssue(issue, baseUrl)) };
    },
    async issue(issueKey) {
      const fields = [...ISSUE_FIELDS, 'issuelinks'].join(',');
      return toIssue(
        await rest.read({ path: `${issuePath(issueKey)}?fields=${fields}` }, jiraIssueSchema),
        baseUrl,
      );
    },
    async history(issueKey) {
      const path = `${issuePath(issueKey)}?expand=changelog&fields=${historyFields.join(',')}`;
      return toHistory(await rest.read({ path }, jiraHistorySchema));
    },
    create: (fields) =>
      rest.write({ method: 'POST', path: `${API}/issue`, body: { fields } }, jiraCreatedSchema),
    async linkTypes() {
      return (await rest.read({ path: `${API}/issueLinkType` }, jiraLinkTypesSchema)).issueLinkTypes;
    },
    createLink: ({ type, inward, outward }) => {
      const body = { type: { name: type }, inwardIssue: { key: inward }, outwardIssue: { key: outward } };
      return rest.write({ method: 'POST', path: `${API}/issueLink`, body }, nothingRead);
    },
    deleteLink: (linkId) =>
      rest.write({ method: 'DELETE', path: `${API}/issueLink/${encodeURIComponent(linkId)}` }, nothingRead),
    remove: (issueKey) => rest.write({ method: 'DELETE', path: issuePath(issueKey) }, nothingRead),
    async transitions(issueKey) {
      return (await rest.read({ path: `${issuePath(issueKey)}/transitions` }, jiraTransitionsSchema))
        .transitions;
    },
    transition: (issueKey, transitionId) => {
      const body = { transition: { id: transitionId } };
      return rest.write({ method: 'POST', path: `${issuePath(issueKey)}/transitions`, body }, nothingRead);
    },
    updateLabels: (issueKey, { add = [], remove = [] }) => {
      const labels = [...add.map((label) => ({ add: label })), ...remove.map((label) => ({ remove: label }))];
      return rest.write(
        { method: 'PUT', path: issuePath(issueKey), body: { update: { labels } } },
        nothingRead,
      );
    },
  };
}

const nothingRead = z.unknown().transform(() => undefined);

async function allPages<T>(rest: RestCaller, path: string, schema: z.ZodType<T>): Promise<T[]> {
  const values: T[] = [];
  for (let page = 0; page < MOST_PAGES; page++) {
    const query = `?startAt=${values.length}&maxResults=${PAGE_SIZE}`;
    const answer = await rest.read({ path: path + query }, jiraPageSchema(schema));
    values.push(...answer.values);
    const last = answer.isLast ?? values.length >= (answer.total ?? 0);
    if (last || answer.values.length === 0) break;
  }
  return values;
}
