import type { Database } from 'better-sqlite3';
import type { Clock } from '../clock.ts';
import type { Issue } from './issue-store.ts';

export interface ChangeEntry {
  readonly id: number;
  /** Employee id of who changed it. */
  readonly author: string;
  readonly at: number;
  readonly items: readonly { readonly field: string; readonly from: string; readonly to: string }[];
}

export interface ChangeLog {
  /** Notes what differs; nothing when nothing does. */
  note(before: Issue, after: Issue, author: string): void;
  /** Notes a new link on both of its ends. */
  noteLink(link: { inwardKey: string; outwardKey: string }, author: string): void;
  /** Oldest first. */
  of(key: string): ChangeEntry[];
  forget(key: string): void;
}

const noted = {
  summary: 'summary',
  description: 'description',
  labels: 'labels',
  statusId: 'status',
} as const;

/** What Jira shows as an issue's history: who changed which fields, and when. */
export function createChangeLog({ db, clock }: { db: Database; clock: Clock }): ChangeLog {
  db.exec(`CREATE TABLE IF NOT EXISTS jira_change (id INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL,
    author TEXT NOT NULL, at INTEGER NOT NULL, items TEXT NOT NULL) STRICT`);
  const insert = db.prepare('INSERT INTO jira_change (key, author, at, items) VALUES (?, ?, ?, ?)');

  function add(key: string, author: string, items: ChangeEntry['items']): void {
    if (items.length > 0) insert.run(key, author, clock.now(), JSON.stringify(items));
  }

  return {
    note(before, after, author) {
      const items = Object.entries(noted).flatMap(([part, field]) => {
        const [from, to] = [before, after].map((issue) => told(issue[part as keyof typeof noted]));
        return from === to ? [] : [{ field, from: from ?? '', to: to ?? '' }];
      });
      add(after.key, author, items);
    },
    noteLink({ inwardKey, outwardKey }, author) {
      add(inwardKey, author, [{ field: 'Link', from: '', to: outwardKey }]);
      add(outwardKey, author, [{ field: 'Link', from: '', to: inwardKey }]);
    },
    of(key) {
      const rows = db
        .prepare('SELECT id, author, at, items FROM jira_change WHERE key = ? ORDER BY id')
        .all(key);
      return (rows as { id: number; author: string; at: number; items: string }[]).map((row) => ({
        ...row,
        items: JSON.parse(row.items) as ChangeEntry['items'],
      }));
    },
    forget: (key) => void db.prepare('DELETE FROM jira_change WHERE key = ?').run(key),
  };
}

function told(value: string | readonly string[] | null): string {
  return typeof value === 'string' ? value : (value ?? []).join(' ');
}
