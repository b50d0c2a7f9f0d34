import type { Database } from 'better-sqlite3';
import type { Clock } from '../clock.ts';
import { openStatusId } from './catalogue.ts';
import { createChangeLog, type ChangeEntry } from './change-log.ts';

/** What a person sets on an issue. */
export interface IssueContent {
  readonly projectKey: string;
  readonly typeId: string;
  readonly summary: string;
  readonly description: string | null;
  readonly environment: string | null;
  readonly labels: readonly string[];
  readonly componentIds: readonly string[];
  readonly priorityId: string;
  /** Employee ids. */
  readonly reporter: string;
  readonly assignee: string | null;
  readonly storyPoints: number | null;
  readonly epicLink: string | null;
  readonly epicName: string | null;
  readonly riskClassId: string | null;
  readonly properties: Readonly<Record<string, unknown>>;
}

export interface Issue extends IssueContent {
  readonly id: number;
  readonly key: string;
  readonly creator: string;
  readonly statusId: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly resolvedAt: number | null;
}

/** What a seeded issue has behind it already. */
export type IssuePast = Pick<Issue, 'createdAt' | 'statusId' | 'resolvedAt'>;

export interface IssueLink {
  readonly id: number;
  readonly typeId: string;
  /** The issue that the link's outward sentence starts from: "inward blocks outward". */
  readonly inwardKey: string;
  readonly outwardKey: string;
}

export interface IssueStore {
  /** Ids, and keys within a project, count up and are never given twice, deleted issues included. */
  create(content: IssueContent, creator: string, past?: IssuePast): Issue;
  find(idOrKey: string): Issue | undefined;
  /** Newest first. */
  all(): Issue[];
  change(
    key: string,
    change: Partial<Pick<Issue, 'summary' | 'description' | 'labels' | 'statusId' | 'resolvedAt'>>,
    author: string,
  ): void;
  /** Who changed what since it was created, oldest first. */
  changesOf(key: string): ChangeEntry[];
  /** Deletes the issue, its links and its history. */
  delete(key: string): void;
  link(link: Omit<IssueLink, 'id'>, author: string): IssueLink;
  linksOf(key: string): IssueLink[];
}

const firstIssueId = 10_000;

/** Issues and links in `sandbox.db`; each issue is one row that holds its content as JSON. */
export function createIssueStore(deps: { db: Database; clock: Clock }): IssueStore {
  const { db, clock } = deps;
  db.exec(`
    CREATE TABLE IF NOT EXISTS jira_issue (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, content TEXT NOT NULL) STRICT;
    CREATE TABLE IF NOT EXISTS jira_counter (name TEXT PRIMARY KEY, last INTEGER NOT NULL) STRICT;
    CREATE TABLE IF NOT EXISTS jira_link (id INTEGER PRIMARY KEY AUTOINCREMENT, type_id TEXT NOT NULL,
      inward_key TEXT NOT NULL, outward_key TEXT NOT NULL, UNIQUE (type_id, inward_key, outward_key)) STRICT;
  `);
  const changes = createChangeLog(deps);
  const counter = db.prepare(`INSERT INTO jira_counter (name, last) VALUES (?, 1)
    ON CONFLICT (name) DO UPDATE SET last = last + 1 RETURNING last`);
  const insert = db.prepare('INSERT INTO jira_issue (id, key, content) VALUES (?, ?, ?)');
  const update = db.prepare('UPDATE jira_issue SET content = ? WHERE key = ?');
  const selectLinks =
    db.prepare(`SELECT id, type_id AS typeId, inward_key AS inwardKey, outward_key AS outwardKey
    FROM jira_link WHERE inward_key = @key OR outward_key = @key ORDER BY id`);

  const next = (counterName: string) => (counter.get(counterName) as { last: number }).last;

  function create(content: IssueContent, creator: string, past?: IssuePast): Issue {
    const id = firstIssueId + next('#id');
    const createdAt = past?.createdAt ?? clock.now();
    const issue: Issue = {
      ...content,
      id,
      key: `${content.projectKey}-${next(content.projectKey)}`,
      creator,
      statusId: past?.statusId ?? openStatusId,
      createdAt,
      updatedAt: createdAt,
      resolvedAt: past?.resolvedAt ?? null,
    };
    insert.run(id, issue.key, JSON.stringify(issue));
    return issue;
  }

  function find(idOrKey: string): Issue | undefined {
    const row = db
      .prepare('SELECT content FROM jira_issue WHERE key = ? OR id = ?')
      .get(idOrKey.toUpperCase(), /^\d+$/.test(idOrKey) ? Number(idOrKey) : -1);
    return row ? parseIssue(row) : undefined;
  }

  return {
    create: db.transaction(create),
    find,
    all: () => db.prepare('SELECT content FROM jira_issue ORDER BY id DESC').all().map(parseIssue),
    change(key, change, author) {
      const issue = find(key);
      if (!issue) return;
      const changed = { ...issue, ...change, updatedAt: clock.now() };
      update.run(JSON.stringify(changed), issue.key);
      changes.note(issue, changed, author);
    },
    changesOf: changes.of,
    delete: db.transaction((key: string) => {
      db.prepare('DELETE FROM jira_link WHERE inward_key = @key OR outward_key = @key').run({ key });
      db.prepare('DELETE FROM jira_issue WHERE key = ?').run(key);
      changes.forget(key);
    }),
    link(link, author) {
      // Linking twice is one link, as in Jira.
      const made = db
        .prepare('INSERT OR IGNORE INTO jira_link (type_id, inward_key, outward_key) VALUES (?, ?, ?)')
        .run(link.typeId, link.inwardKey, link.outwardKey);
      if (made.changes === 1) changes.noteLink(link, author);
      const same = (selectLinks.all({ key: link.inwardKey }) as IssueLink[]).find(
        (known) =>
          known.typeId === link.typeId &&
          known.outwardKey === link.outwardKey &&
          known.inwardKey === link.inwardKey,
      );
      if (!same) throw new Error('A link that was just made is not there.');
      return same;
    },
    linksOf: (key) => selectLinks.all({ key }) as IssueLink[],
  };
}

function parseIssue(row: unknown): Issue {
  return JSON.parse((row as { content: string }).content) as Issue;
}
