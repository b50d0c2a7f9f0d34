import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Database } from 'better-sqlite3';
import { systemClock } from './clock.ts';
import { CqlError, searchPages } from './confluence/cql.ts';
import { alice, createPeople } from './people.ts';
import { openStore } from './store.ts';
import { createIssueStore, type IssueStore } from './jira/issue-store.ts';
import { JqlError, searchIssues } from './jira/jql.ts';
import { seedIssues } from './jira/seed-issues.ts';

let db: Database;
let issues: IssueStore;
beforeAll(() => {
  db = openStore(':memory:');
  issues = createIssueStore({ db, clock: systemClock });
  seedIssues({ issues, clock: systemClock });
});
afterAll(() => db.close());

const fields = [
  'project',
  'key',
  'labels',
  'text',
  'summary',
  'created',
  'reporter',
  'cf[10106]',
  'space',
  'title',
  'constructor',
];
const comparison = fc
  .tuple(
    fc.constantFrom(...fields),
    fc.constantFrom('=', '!=', '~', '!~', '<', '>=', 'in', 'not in', 'is', 'is not'),
    fc.constantFrom(
      'DEMO',
      'EMPTY',
      '-7d',
      '"*"',
      '""',
      '(a, "b")',
      'now()',
      'currentUser()',
      'toString()',
      '2026-13-41',
      '3',
    ),
  )
  .map((parts) => parts.join(' '));
const query = fc
  .tuple(
    comparison,
    fc.constantFrom('and', 'or', 'and not'),
    comparison,
    fc.constantFrom('', 'order by', 'order by created'),
  )
  .map((parts) => parts.join(' '));

it('whatever a query says, it finds issues or is refused in words', () => {
  fc.assert(
    fc.property(query, (jql) => {
      try {
        const found = searchIssues(jql, {
          issues,
          people: createPeople(),
          person: alice,
          clock: systemClock,
        });
        expect(Array.isArray(found)).toBe(true);
      } catch (error) {
        expect(error).toBeInstanceOf(JqlError);
      }
    }),
    { numRuns: 200 },
  );
});

it('and the same holds for CQL', () => {
  fc.assert(
    fc.property(query, (cql) => {
      try {
        expect(searchPages(cql, [])).toEqual([]);
      } catch (error) {
        expect(error).toBeInstanceOf(CqlError);
      }
    }),
    { numRuns: 200 },
  );
});
