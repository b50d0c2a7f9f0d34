import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, expect } from 'vitest';
import { queriesFolder } from './recorded-queries.ts';

/** The product's queries come from these; what a test asks the database itself is its own affair. */
const origins = /src[/\\]lib[/\\]server[/\\]repositories[/\\]|adapter-drizzle/;

const recorded = new Set<string>();
const { prepare } = Database.prototype;

Database.prototype.prepare = function (this: Database.Database, text: string) {
  if (basename(this.name) === 'app.db' && !recorded.has(text) && isFromRepository()) recorded.add(text);
  return prepare.call(this, text);
} as typeof prepare;

function isFromRepository(): boolean {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 50;
  const { stack } = new Error();
  Error.stackTraceLimit = stackTraceLimit;
  return origins.test(stack ?? '');
}

afterAll(() => {
  // The same process may take the next file, with another copy of this module on top of this one.
  Database.prototype.prepare = prepare;
  if (recorded.size === 0) return;
  mkdirSync(queriesFolder, { recursive: true });
  const name = createHash('sha256')
    .update(expect.getState().testPath ?? '')
    .digest('hex')
    .slice(0, 16);
  writeFileSync(join(queriesFolder, `${name}.json`), JSON.stringify([...recorded]));
});
