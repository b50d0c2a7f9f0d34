import type { JiraIssue } from '../../adapters/jira/jira-issue.ts';
import type { IssueTools } from '../../adapters/mcp/issue-tools.ts';
import { candidateJql, rankSimilar, twinJql } from '../duplicate-radar/similar-issues.ts';
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
      const search = async (jql: string | null) =>
        jql === null ? [] : tools.search({ jql, limit: mostCandidates, ...(signal ? { signal } : {}) });
      // Those that share most come first: only so many are ranked.
      const found = await Promise.all(
        [twinJql, candidateJql].map((query) => search(query(text, projectKey))),
      );
      return rankSimilar(text, found.flat(), limit);
    },
  };
}

function toDeskIssue({ key, url, summary, labels, description, links }: JiraIssue): DeskIssue {
  return { key, url, summary, labels, description, linkedKeys: links.map((link) => link.key) };
}
