import type { Statements } from './transaction.ts';

/**
 * A query that Drizzle builds once for each database, for what runs with every piece of a text or every event:
 * building one anew costs more than SQLite takes to run it. `build` names its values with `sql.placeholder` and ends
 * with `.prepare()`.
 */
export function prepared<Query>(build: (statements: Statements) => Query): (statements: Statements) => Query {
  const queries = new WeakMap<Statements, Query>();
  return (statements) => {
    const query = queries.get(statements) ?? build(statements);
    queries.set(statements, query);
    return query;
  };
}
