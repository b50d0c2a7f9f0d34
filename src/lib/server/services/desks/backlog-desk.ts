import { readings, type BacklogSearch } from '../../../agent/ports.ts';
import type { IssueTools } from '../../adapters/mcp/issue-tools.ts';
import { candidateJql, pagesCql, rankByWords } from '../duplicate-radar/similar-issues.ts';

/** What of a person's tools answers questions. Nothing here writes. */
export type ReadingDesk = Pick<
  IssueTools,
  'offers' | 'search' | 'getIssue' | 'projects' | 'searchPages' | 'getPage'
>;

interface BacklogDeskDeps {
  tools: ReadingDesk;
  /** Whether pages may be read: Confluence has been tested. Asked for only when a question is answered. */
  pagesAllowed: () => Promise<boolean>;
}

const mostCandidates = 50;
const pageReadings: readonly string[] = ['searchPages', 'getPage'];

/** A person's Jira and pages as questions about the backlog read them. */
export function createBacklogDesk({ tools, pagesAllowed }: BacklogDeskDeps): BacklogSearch {
  return {
    async issuesAbout({ text, projectKey, limit, signal }) {
      const jql = candidateJql(text, projectKey);
      if (jql === null) return [];
      return rankByWords(text, await tools.search({ jql, limit: mostCandidates, signal })).slice(0, limit);
    },
    async pagesAbout({ text, limit, signal }) {
      const cql = (await pagesAllowed()) ? pagesCql(text) : null;
      if (cql === null) return [];
      const pages = await tools.searchPages({ cql, limit, signal });
      return Promise.all(pages.slice(0, limit).map(({ id }) => tools.getPage(id, signal)));
    },
    async readable() {
      const pages = await pagesAllowed();
      const asked = readings.filter((reading) => pages || !pageReadings.includes(reading));
      const offered = await Promise.all(asked.map((reading) => tools.offers(reading)));
      return asked.filter((_, index) => offered[index]);
    },
    searchIssues: ({ jql, limit, signal }) => tools.search({ jql, limit, signal }),
    issue: (key) => tools.getIssue(key.toUpperCase()),
    projects: () => tools.projects(),
    searchPages: ({ cql, limit, signal }) => tools.searchPages({ cql, limit, signal }),
    page: (pageId, signal) => tools.getPage(pageId, signal),
  };
}
