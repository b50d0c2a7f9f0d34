import type { Database } from 'better-sqlite3';
import type { Clock } from '../clock.ts';
import type { PracticeProduct } from '../exchange.ts';
import { jsonReply, type PracticeReply, type PracticeRequest } from '../http.ts';
import type { People } from '../people.ts';
import { createRouter, type Route } from '../router.ts';
import { seedOnce } from '../store.ts';
import { identityEndpoints } from './identity-endpoints.ts';
import { imageRoutes } from './images.ts';
import { issueEndpoints } from './issue-endpoints.ts';
import { createIssueStore } from './issue-store.ts';
import { jiraPages } from './jira-pages.ts';
import type { JiraParts } from './jira-parts.ts';
import { linkEndpoints } from './link-endpoints.ts';
import { projectEndpoints } from './project-endpoints.ts';
import { jiraError, wrongPassword } from './replies.ts';
import { searchEndpoints } from './search-endpoints.ts';
import { seedIssues } from './seed-issues.ts';
import { createWire } from './wire.ts';

/**
 * A Jira Data Center of the practice world: REST v2 as far as Backlogue and its kind need it, and pages to
 * look at. It knows tokens only; every password is wrong.
 * @param deps.contextPath such as `/jira`, or '' for none.
 */
export function createPracticeJira(deps: {
  db: Database;
  people: People;
  clock: Clock;
  origin: string;
  contextPath: string;
}): PracticeProduct {
  const { db, people, clock, origin, contextPath } = deps;
  const issues = createIssueStore({ db, clock });
  seedOnce(db, 'jira', () => seedIssues({ issues, clock }));
  const parts: JiraParts = { issues, people, clock, wire: createWire(origin + contextPath, people) };
  const findRoute = createRouter(jiraRoutes(parts));

  return {
    name: 'jira',
    contextPath,
    identify: (request) => people.byJiraToken(bearerToken(request)),
    isSearch: (request) => request.path.startsWith('/rest/api/2/search'),
    headers: (person) => ({
      'x-ausername': person?.employeeId ?? 'anonymous',
      'x-anodeid': 'practice-node-1',
    }),
    answer(request, { indexLagMs }) {
      if (/^Basic /i.test(request.headers.authorization ?? '')) return wrongPassword();
      const found = findRoute(request.method, request.path);
      if (found === 'no such path') return nothingHere(request);
      if (found === 'no such method')
        return jiraError(405, [`${request.method} is not supported on this path.`]);
      if (carriesBody(request) && !/^application\/json\b/i.test(request.headers['content-type'] ?? '')) {
        return jiraError(415, ['Unsupported Media Type']);
      }
      const person = people.byJiraToken(bearerToken(request));
      return found.handle({ request, person, params: found.params, indexLagMs });
    },
  };
}

function jiraRoutes(parts: JiraParts): Route[] {
  return [
    ...identityEndpoints(parts),
    ...projectEndpoints(parts),
    ...searchEndpoints(parts),
    ...linkEndpoints(parts),
    ...issueEndpoints(parts),
    ...imageRoutes(parts),
    ...jiraPages(parts),
  ];
}

function bearerToken(request: PracticeRequest): string {
  return /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1]?.trim() ?? '';
}

function carriesBody(request: PracticeRequest): boolean {
  return request.method === 'POST' || request.method === 'PUT';
}

function nothingHere(request: PracticeRequest): PracticeReply {
  return jsonReply(404, { message: `null for uri: ${request.path}`, 'status-code': 404 });
}
