import { sql, type SQL } from 'drizzle-orm';
import type { SQLiteTable, SQLiteUpdateSetSource } from 'drizzle-orm/sqlite-core';
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

/**
 * As `prepared`, for an update that sets now these columns of a row and now those, and returns the row: one query for
 * each set of columns. `where` names its values with placeholders that are no columns.
 */
export function preparedChange<Table extends SQLiteTable>(table: Table, where: SQL) {
  const bySet = new Map<string, ReturnType<typeof build>>();

  function build(columns: string[]) {
    const set = Object.fromEntries(columns.map((column) => [column, sql`${sql.placeholder(column)}`]));
    return prepared((statements) =>
      statements
        .update(table)
        .set(set as SQLiteUpdateSetSource<Table>)
        .where(where)
        .returning()
        .prepare(),
    );
  }

  return (
    statements: Statements,
    change: Partial<Table['$inferInsert']>,
    values: Record<string, string | number>,
  ): Table['$inferSelect'] | undefined => {
    const columns = Object.keys(change).filter(
      (column) => change[column as keyof typeof change] !== undefined,
    );
    const name = columns.join();
    const query = bySet.get(name) ?? build(columns);
    bySet.set(name, query);
    return query(statements).get({ ...change, ...values }) as Table['$inferSelect'] | undefined;
  };
}
