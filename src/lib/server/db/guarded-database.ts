import type Database from 'better-sqlite3';
import type { CommitWait } from './commit-wait.ts';
import type { StorageGuard } from './storage-guard.ts';

/** How a statement is run; what else it can do asks nothing of the disk. */
const ways = ['run', 'get', 'all'] as const;

/**
 * The same database, every statement of which tells the guard what the disk said, and writes nothing while the guard
 * says no. A write outside of a transaction waits for the disk. `iterate` is left as it is: nobody uses it.
 */
export function guardDatabase(
  sqlite: Database.Database,
  guard: StorageGuard,
  commits: Pick<CommitWait, 'strict'>,
): Database.Database {
  return Object.create(sqlite, { prepare: { value: prepare } }) as Database.Database;

  function prepare(text: string): Database.Statement {
    const statement = explained(() => sqlite.prepare(text));
    const isWrite = !statement.readonly;
    for (const way of ways) {
      const unguarded = statement[way].bind(statement) as (...values: unknown[]) => unknown;
      const guarded = (...values: unknown[]) => {
        if (isWrite) {
          guard.requireWritable();
          commits.strict();
        }
        try {
          return unguarded(...values);
        } catch (error) {
          throw guard.explain(error);
        }
      };
      Object.defineProperty(statement, way, { value: guarded });
    }
    return statement;
  }

  function explained<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw guard.explain(error);
    }
  }
}
