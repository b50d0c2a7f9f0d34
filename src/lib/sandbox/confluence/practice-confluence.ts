import type { Database } from 'better-sqlite3';
import type { Clock } from '../clock.ts';
import type { PracticeProduct } from '../exchange.ts';
import type { People } from '../people.ts';
import { createRouter } from '../router.ts';
import { seedOnce } from '../store.ts';
import type { ConfluenceParts } from './confluence-parts.ts';
import { confluencePages } from './confluence-pages.ts';
import { contentEndpoints } from './content-endpoints.ts';
import { createPageStore } from './page-store.ts';
import { confluenceError } from './replies.ts';
import { seedPages } from './seed-pages.ts';
import { userAndSpaceEndpoints } from './user-and-space-endpoints.ts';
import { createConfluenceWire } from './wire.ts';

/**
 * A Confluence Data Center of the practice world, with anonymous access switched on: a wrong token is not
 * refused, it is somebody who sees nothing.
 * @param deps.contextPath such as `/confluence`, or '' for none.
 */
export function createPracticeConfluence(deps: {
  db: Database;
  people: People;
  clock: Clock;
  origin: string;
  contextPath: string;
}): PracticeProduct {
  const { db, people, clock, origin, contextPath } = deps;
  const pages = createPageStore({ db, clock });
  seedOnce(db, 'confluence', () => seedPages({ pages, clock }));
  const wire = createConfluenceWire({
    baseUrl: origin + contextPath,
    contextPath,
    people,
    findPage: pages.find,
  });
  const parts: ConfluenceParts = { pages, wire, clock };
  const findRoute = createRouter([
    ...userAndSpaceEndpoints(parts),
    ...contentEndpoints(parts),
    ...confluencePages(parts),
  ]);

  function identify(authorization: string | undefined) {
    const token = /^Bearer (.+)$/i.exec(authorization ?? '')?.[1]?.trim() ?? '';
    const person = people.byConfluenceToken(token);
    return person?.account === 'active' ? person : undefined;
  }

  return {
    name: 'confluence',
    contextPath,
    identify: (request) => identify(request.headers.authorization),
    isSearch: (request) => request.path.startsWith('/rest/api/content/search'),
    headers: (person) => ({ 'x-ausername': person?.employeeId ?? 'anonymous' }),
    answer(request, { indexLagMs }) {
      const found = findRoute(request.method, request.path);
      if (found === 'no such path') return confluenceError(404, `null for uri: ${request.path}`);
      if (found === 'no such method')
        return confluenceError(405, `${request.method} is not supported on this path.`);
      const writes = request.method === 'POST' || request.method === 'PUT';
      if (writes && !/^application\/json\b/i.test(request.headers['content-type'] ?? '')) {
        return confluenceError(415, 'The content type has to be application/json.');
      }
      const person = identify(request.headers.authorization);
      return found.handle({ request, person, params: found.params, indexLagMs });
    },
  };
}
