import type { JiraIssue } from '../../adapters/jira/jira-issue.ts';
import type { IssueTools } from '../../adapters/mcp/issue-tools.ts';
import { candidateJql, rankSimilar } from '../duplicate-radar/similar-issues.ts';
import type { DeskIssue, IssueDesk } from '../issue-creation/issue-desk.ts';

const mostCandidates = 50;

/** A person's Jira tools as issue creation works with them. */
export function createIssueDesk(tools: IssueTools): IssueDesk {
  return {
    ...tools,
    async issueTypes(projectKey) {
      const types = await tools.issueTypes(projectKey);
      return types.filter(({ subtask }) => !subtask).map(({ id, name }) => ({ id, name }));
    },
    async getIssue(key) {
      const issue = await tools.getIssue(key);
      return issue && toDeskIssue(issue);
    },
    async similar({ text, projectKey, limit, signal }) {
      const jql = candidateJql(text, projectKey);
      if (jql === null) return [];
      const candidates = await tools.search({ jql, limit: mostCandidates, ...(signal ? { signal } : {}) });
      return rankSimilar(text, candidates, limit);
    },
  };
}

function toDeskIssue({ key, url, summary, labels, description, links }: JiraIssue): DeskIssue {
  return { key, url, summary, labels, description, linkedKeys: links.map((link) => link.key) };
}
