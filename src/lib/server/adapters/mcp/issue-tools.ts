import { z } from 'zod';
import type { McpServerConfig } from '../../../contracts/config/tool-servers.ts';
import { InvalidError, UpstreamError } from '../../errors/app-error.ts';
import type { ProductAccess } from '../../mcp-server/builtin-server.ts';
import { createConfluenceRest } from '../confluence-rest.ts';
import type { ConfluencePageSummary } from '../confluence-rest.ts';
import { storageToParagraphs } from '../confluence/storage-to-paragraphs.ts';
import { createJiraRest } from '../jira-rest.ts';
import { readCreateScreen } from '../jira/create-screen.ts';
import type { CreateScreen } from '../jira/create-screen.ts';
import type { JiraIssue } from '../jira/jira-issue.ts';
import { jiraCreateFieldSchema } from '../jira/jira-schemas.ts';
import { isLinked, linkIssues } from '../jira/link-issues.ts';
import { failedBefore, outcomeOfAnswer, outcomeOfError } from './create-outcome.ts';
import type { CreateOutcome } from './create-outcome.ts';
import type { McpClients, McpConnection } from './mcp-client.ts';
import type { McpTool } from './mcp-tool.ts';
import { createPersonTools } from './person-tools.ts';
import type { Capability, CreateIssueArguments } from './tool-profile.ts';

export interface IssueToolsDeps {
  clients: McpClients;
  servers: () => McpServerConfig[];
  /** One person's URL, token and trust of a product, with the limits of config.json. */
  access: (userId: string, product: 'jira' | 'confluence') => Promise<ProductAccess>;
  /** From the tool catalog; without it each server is asked. Tools that are switched off are left out of it. */
  toolsOf?: (connection: McpConnection) => Promise<McpTool[]>;
}

export interface ConfluenceText extends ConfluencePageSummary {
  paragraphs: string[];
}

/**
 * Jira and Confluence as one person's tools see them. What no known tool offers is read by REST with the same token;
 * creating alone is never done past the tools. Everything but `createIssue` rejects with UpstreamErrors.
 */
export interface IssueTools {
  /** Whether a tool offers it at this moment, with an answer that can be read. False where its server is away. */
  offers(capability: Capability): Promise<boolean>;
  whoAmI(): Promise<string>;
  projects(): Promise<{ key: string; name: string }[]>;
  issueTypes(projectKey: string): Promise<{ id: string; name: string; subtask: boolean }[]>;
  createScreen(projectKey: string, issueTypeId: string): Promise<CreateScreen>;
  /** What descriptions the create tool takes. `markdown`: the tool itself turns them into Jira's markup. */
  descriptionFormat(): Promise<'wiki' | 'markdown'>;
  /** Sent once and never cut. Never rejects. */
  createIssue(args: CreateIssueArguments): Promise<CreateOutcome>;
  search(query: { jql: string; limit: number; signal?: AbortSignal }): Promise<JiraIssue[]>;
  /**
   * By label, or by the last word of it in the description, where a project has no labels. By the index, which lags:
   * an absence proves nothing.
   */
  findByLabel(projectKey: string, label: string): Promise<string[]>;
  /** By the database, which does not lag. Null when it is not there or not visible. */
  getIssue(issueKey: string): Promise<JiraIssue | null>;
  /** The highest issue number of a project that the index knows; 0 for none. */
  lastIssueNumber(projectKey: string): Promise<number>;
  /** `from` blocks `to`. Safe to repeat. */
  linkInOrder(from: string, to: string): Promise<void>;
  deleteIssue(issueKey: string): Promise<void>;
  searchPages(query: { cql: string; limit: number; signal?: AbortSignal }): Promise<ConfluencePageSummary[]>;
  getPage(pageId: string, signal?: AbortSignal): Promise<ConfluenceText>;
}

/** Makes `IssueTools` for one person and one piece of work. */
export function createIssueTools(deps: IssueToolsDeps) {
  return (person: { userId: string; requestId: string }): IssueTools => {
    const access = (product: 'jira' | 'confluence') => deps.access(person.userId, product);
    const tools = createPersonTools({ ...deps, ...person, access });
    const jira = async (signal?: AbortSignal) =>
      createJiraRest({ ...(await access('jira')), requestId: person.requestId, signal });
    const confluence = async (signal?: AbortSignal) =>
      createConfluenceRest({ ...(await access('confluence')), requestId: person.requestId, signal });

    async function search({ jql, limit, signal }: { jql: string; limit: number; signal?: AbortSignal }) {
      const found = await tools.tryRead('searchIssues', { jql, limit }, signal);
      return found ?? (await (await jira(signal)).search({ jql, limit })).issues;
    }

    async function create(args: CreateIssueArguments): Promise<CreateOutcome> {
      // Whatever goes wrong before the call is certain: nothing was sent.
      const prepared = await prepareCreate(args).catch((error: unknown) => failedBefore(error));
      if ('kind' in prepared) return prepared;
      const { connection, profile, use, context, issueTypeId } = prepared;
      try {
        const answer = await deps.clients.callTool(connection, {
          name: use.tool,
          arguments: use.toArguments({ ...args, issueTypeId }, context),
          requestId: person.requestId,
        });
        return outcomeOfAnswer(profile, use, answer, connection.access.baseUrl);
      } catch (error) {
        return outcomeOfError(error);
      }
    }

    async function prepareCreate(args: CreateIssueArguments) {
      const chosen = await tools.choose('createIssue');
      if (!chosen) throw noCreateTool();
      return { ...chosen, issueTypeId: chosen.profile.needsIssueTypeId ? await typeId(args) : '' };
    }

    async function typeId({ projectKey, issueType }: CreateIssueArguments): Promise<string> {
      const types = await (await jira()).issueTypes(projectKey);
      const type = types.find(({ name }) => name.toLowerCase() === issueType.toLowerCase());
      if (type) return type.id;
      throw new InvalidError(
        'issue_type_unknown',
        `${projectKey} has no issue type ${issueType} that you may create.`,
      );
    }

    return {
      offers: (capability) =>
        tools.choose(capability).then(
          (chosen) => chosen?.use.read !== undefined,
          () => false,
        ),
      async whoAmI() {
        const me = await tools.tryRead('whoAmI', {});
        return me?.employeeId ?? (await (await jira()).myself()).name;
      },
      async projects() {
        return (await tools.tryRead('listProjects', {})) ?? (await jira()).projects();
      },
      issueTypes: async (projectKey) => (await jira()).issueTypes(projectKey),
      async createScreen(projectKey, issueTypeId) {
        const read = await tools.tryRead('createFields', { projectKey, issueTypeId });
        const fields = z.array(jiraCreateFieldSchema).safeParse(read);
        const known = fields.success
          ? fields.data
          : await (await jira()).createFields(projectKey, issueTypeId);
        return readCreateScreen(issueTypeId, known);
      },
      descriptionFormat: async () => (await tools.choose('createIssue'))?.profile.descriptionFormat ?? 'wiki',
      createIssue: create,
      search,
      async findByLabel(projectKey, label) {
        const marked = `(labels = ${quoted(label)} OR description ~ ${quoted(lastWord(label))})`;
        const jql = `project = ${quoted(projectKey)} AND ${marked} ORDER BY created ASC`;
        return (await search({ jql, limit: 10 })).map(({ key }) => key);
      },
      async getIssue(issueKey) {
        try {
          return (await tools.tryRead('getIssue', { issueKey })) ?? (await (await jira()).issue(issueKey));
        } catch (error) {
          if (error instanceof UpstreamError && error.status === 404) return null;
          throw error;
        }
      },
      async lastIssueNumber(projectKey) {
        const jql = `project = ${quoted(projectKey)} ORDER BY created DESC`;
        const latest = await search({ jql, limit: 10 });
        return Math.max(0, ...latest.map(({ key }) => Number(key.slice(key.lastIndexOf('-') + 1))));
      },
      async linkInOrder(from, to) {
        const linking = { type: 'Blocks', from, to };
        const rest = await jira();
        if (await isLinked(rest, linking)) return;
        await tools.tryRead('linkIssues', linking);
        // Reads the link back, makes it where no tool did, and turns it round where it came out the other way.
        await linkIssues(rest, linking);
      },
      async deleteIssue(issueKey) {
        const done = await tools.tryRead('deleteIssue', { issueKey });
        if (!done) await (await jira()).remove(issueKey);
      },
      async searchPages({ cql, limit, signal }) {
        const pages = await tools.tryRead('searchPages', { cql, limit }, signal);
        return pages ?? (await confluence(signal)).search({ cql, limit });
      },
      async getPage(pageId, signal) {
        const read = await tools.tryRead('getPage', { pageId }, signal);
        if (read) return read;
        const { storage, ...page } = await (await confluence(signal)).page(pageId);
        return { ...page, paragraphs: storageToParagraphs(storage) };
      },
    };
  };
}

/** A JQL string: keys and labels of others go in as text, never as syntax. */
function quoted(text: string): string {
  return `"${text.replace(/[\\"]/g, '\\$&')}"`;
}

/** One word to a text index, which would take a hyphen for a gap between two. */
function lastWord(label: string): string {
  return label.slice(label.lastIndexOf('-') + 1);
}

function noCreateTool(): InvalidError {
  return new InvalidError('create_tool_missing', 'No tool server offers a known way to create Jira issues.', {
    hint: 'Ask your administrator to check mcpServers in config.json.',
  });
}
