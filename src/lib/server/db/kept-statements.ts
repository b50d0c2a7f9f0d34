import type Database from 'better-sqlite3';

/** More different texts than the product has queries; lists of values make a few more of each. */
const statementsKept = 500;

/**
 * The same database for an ORM that prepares its statements anew for every query: each text is compiled once, and the
 * longest unused one is let go of. Compiling was a tenth of all work under load. Statements are shared, so callers
 * must be done with one before they ask for the next, which everything but `iterate` is.
 */
export function withKeptStatements(sqlite: Database.Database): Database.Database {
  const kept = new Map<string, Database.Statement>();
  return Object.create(sqlite, { prepare: { value: prepare } }) as Database.Database;

  function prepare(text: string): Database.Statement {
    const known = kept.get(text);
    if (known === undefined) return keep(text, sqlite.prepare(text));
    kept.delete(text);
    // Whoever had it last may have asked for rows as arrays, and a statement remembers that.
    if (known.reader) known.raw(false);
    return keep(text, known);
  }

  function keep(text: string, statement: Database.Statement): Database.Statement {
    kept.set(text, statement);
    if (kept.size > statementsKept) kept.delete(kept.keys().next().value ?? text);
    return statement;
  }
}
