import type { JiraRest } from '../../adapters/jira-rest.ts';
import { readCreateScreen } from '../../adapters/jira/create-screen.ts';
import type { JiraIssue } from '../../adapters/jira/jira-issue.ts';
import { UpstreamError } from '../../errors/app-error.ts';
import { candidateJql, rankSimilar } from '../duplicate-radar/similar-issues.ts';
import type { CreateArguments, CreateOutcome, DeskIssue, IssueDesk } from '../issue-creation/issue-desk.ts';

/** What goes through the person's MCP tools: everything that changes Jira. */
export interface WritingTools {
  createIssue(args: CreateArguments): Promise<CreateOutcome>;
  linkIssues(link: { type: string; from: string; to: string }): Promise<void>;
}

const linkType = 'Blocks';
const mostCandidates = 50;

/** Jira for creating issues: writes through MCP tools, reads what no tool need offer by REST with the same token. */
export function createIssueDesk({ jira, tools }: { jira: JiraRest; tools: WritingTools }): IssueDesk {
  return {
    whoAmI: async () => (await jira.myself()).name,
    async issueTypes(projectKey) {
      const types = await jira.issueTypes(projectKey);
      return types.filter(({ subtask }) => !subtask).map(({ id, name }) => ({ id, name }));
    },
    createScreen: async (projectKey, issueTypeId) =>
      readCreateScreen(issueTypeId, await jira.createFields(projectKey, issueTypeId)),
    createIssue: tools.createIssue,
    async findByLabel(projectKey, label) {
      const { issues } = await jira.search({
        jql: `project = "${projectKey}" AND labels = "${label}"`,
        limit: 5,
      });
      return issues.map(({ key }) => key);
    },
    async getIssue(key) {
      try {
        return toDeskIssue(await jira.issue(key));
      } catch (error) {
        if (error instanceof UpstreamError && error.status === 404) return null;
        throw error;
      }
    },
    async lastIssueNumber(projectKey) {
      const { issues } = await jira.search({ jql: `project = "${projectKey}" ORDER BY key DESC`, limit: 1 });
      return Number(/-(\d+)$/.exec(issues[0]?.key ?? '')?.[1] ?? 0);
    },
    linkInOrder: (from, to) => tools.linkIssues({ type: linkType, from, to }),
    async similar({ text, projectKey, limit, signal }) {
      const jql = candidateJql(text, projectKey);
      if (jql === null) return [];
      signal?.throwIfAborted();
      const { issues } = await jira.search({ jql, limit: mostCandidates });
      return rankSimilar(text, issues, limit);
    },
  };
}

function toDeskIssue({ key, url, summary, labels, description, links }: JiraIssue): DeskIssue {
  return { key, url, summary, labels, description, linkedKeys: links.map((link) => link.key) };
}
