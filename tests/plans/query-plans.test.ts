import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { queriesFolder } from '../support/recorded-queries.ts';
import { openTempDatabase } from '../support/temp-database.ts';

/** Tables that stay small whatever happens: rows live for minutes, or there is one a key or a rule. */
const small = new Set(['keyring_check', 'registration_attempt', 'storage_probe', 'bypass_policy']);

/** Queries that may look through a whole table, and why. */
const accepted: { query: RegExp; because: string }[] = [
  {
    query: /^select .+ from "audit_event"( where .+)? order by "audit_event"."id" desc limit \?$/,
    because: 'walks back from the newest event and ends with the page',
  },
  {
    query:
      /^select .+ from "user" left join "session" on .+ limit \?( offset \?)?$|^select count\(\*\) from "user"/,
    because: 'one row a person, for an administrator who looks for a part of a name',
  },
  {
    query: /^select "user"."id" from "user" left join "confluence_config" .+ left join "tool_catalog"/,
    because: 'once a minute everybody is asked whose tools are due: one row a person',
  },
  {
    query: /^SELECT \w+ AS owner, \w+ AS text FROM \w+ WHERE \w+ <> ''$/,
    because: 'keys are replaced while the app is stopped, and every sealed text has to be sealed anew',
  },
  {
    query: /^select "status", count\(\*\) from "background_job" group by "background_job"."status"$/,
    because: 'ended jobs are kept for a month; the count reads an index only',
  },
];

const planSchema = z.array(z.object({ detail: z.string() }));

/** Every query that a repository ran in the unit and integration tests. */
function recordedQueries(): string[] {
  if (!existsSync(queriesFolder)) return [];
  const texts = readdirSync(queriesFolder).flatMap(
    (name) => JSON.parse(readFileSync(join(queriesFolder, name), 'utf8')) as string[],
  );
  return [...new Set(texts)].filter((text) => /^\s*(select|insert|update|delete|with)\b/i.test(text)).sort();
}

describe('Query plans', () => {
  const queries = recordedQueries();

  it('are looked at after the tests that run the queries', () => {
    expect(queries.length, 'Run them first: npm test -- unit integration plans').toBeGreaterThan(100);
  });

  it('look through no table that grows', () => {
    using temp = openTempDatabase();
    const scans = queries.flatMap((query) =>
      scannedBy(temp.db.sqlite, query)
        .filter(() => !accepted.some(({ query: pattern }) => pattern.test(query)))
        .map((detail) => `${detail}: ${query}`),
    );
    expect(scans).toEqual([]);
  });

  it('no exception is left over', () => {
    for (const { query: pattern, because } of accepted)
      expect(
        queries.some((query) => pattern.test(query)),
        because,
      ).toBe(true);
  });

  it('find by an index what refers to a row that is deleted', () => {
    using temp = openTempDatabase();
    expect(unindexedReferences(temp.db.sqlite)).toEqual([]);
  });
});

function scannedBy(sqlite: Database.Database, query: string): string[] {
  const tables = new Set(tableNames(sqlite));
  return explain(sqlite, query).filter((detail) => {
    const [, table] = /^SCAN (\w+)/.exec(detail) ?? [];
    return table !== undefined && !table.startsWith('sqlite_') && tables.has(table) && !small.has(table);
  });
}

function explain(sqlite: Database.Database, query: string): string[] {
  const statement = sqlite.prepare(`EXPLAIN QUERY PLAN ${query}`);
  const names = [...query.matchAll(/[:@$](\w+)/g)].map(([, name]) => [name, null]);
  const count = query.replace(/'[^']*'|"[^"]*"/g, '').split('?').length - 1;
  const values = Array.from({ length: count }, () => null);
  return planSchema
    .parse(names.length > 0 ? statement.all(...values, Object.fromEntries(names)) : statement.all(...values))
    .map(({ detail }) => detail);
}

/** Foreign keys whose table would be looked through for each row that is deleted from the one they point to. */
function unindexedReferences(sqlite: Database.Database): string[] {
  return tableNames(sqlite).flatMap((table) => {
    const indexed = names(sqlite, 'SELECT name FROM pragma_index_list(?)', table).map(
      (index) => names(sqlite, 'SELECT name FROM pragma_index_info(?) WHERE seqno = 0', index)[0],
    );
    return names(sqlite, 'SELECT "from" AS name FROM pragma_foreign_key_list(?)', table)
      .filter((column) => !indexed.includes(column))
      .map((column) => `${table}.${column}`);
  });
}

const tableNames = (sqlite: Database.Database) =>
  names(sqlite, "SELECT name FROM sqlite_master WHERE type = 'table'");

function names(sqlite: Database.Database, text: string, ...values: string[]): string[] {
  return sqlite
    .prepare<string[], { name: string }>(text)
    .all(...values)
    .map(({ name }) => name);
}
