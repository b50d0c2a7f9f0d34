import type { Database } from 'better-sqlite3';
import type { Clock } from '../clock.ts';

export interface WikiPage {
  readonly id: number;
  readonly spaceKey: string;
  readonly title: string;
  readonly version: number;
  /** XHTML in Confluence's storage format. */
  readonly storage: string;
  readonly parentId: number | null;
  /** Employee ids. */
  readonly createdBy: string;
  readonly updatedBy: string;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export type NewWikiPage = Pick<WikiPage, 'spaceKey' | 'title' | 'storage' | 'parentId'>;

export interface PageStore {
  /** Titles are unique within a space: check with `findByTitle` first. */
  create(page: NewWikiPage, author: string, createdAt?: number): WikiPage;
  /** Writes the next version. */
  update(id: number, change: Pick<WikiPage, 'title' | 'storage'>, author: string): WikiPage | undefined;
  find(id: number): WikiPage | undefined;
  /** Titles compare without case, as Confluence does. */
  findByTitle(spaceKey: string, title: string): WikiPage | undefined;
  /** Latest change first. */
  all(): WikiPage[];
  delete(id: number): void;
}

const firstPageId = 65_540;

/** Pages in `sandbox.db`, the current version of each. */
export function createPageStore(deps: { db: Database; clock: Clock }): PageStore {
  const { db, clock } = deps;
  db.exec(`CREATE TABLE IF NOT EXISTS confluence_page (
    id INTEGER PRIMARY KEY AUTOINCREMENT, spaceKey TEXT NOT NULL, title TEXT NOT NULL COLLATE NOCASE,
    version INTEGER NOT NULL, storage TEXT NOT NULL, parentId INTEGER, createdBy TEXT NOT NULL,
    updatedBy TEXT NOT NULL, createdAt INTEGER NOT NULL, updatedAt INTEGER NOT NULL, UNIQUE (spaceKey, title)) STRICT`);
  const insert =
    db.prepare(`INSERT INTO confluence_page (id, spaceKey, title, version, storage, parentId, createdBy,
    updatedBy, createdAt, updatedAt) VALUES (@id, @spaceKey, @title, 1, @storage, @parentId, @author, @author, @at, @at)`);
  const update =
    db.prepare(`UPDATE confluence_page SET title = @title, storage = @storage, version = version + 1,
    updatedBy = @author, updatedAt = @at WHERE id = @id`);
  const byId = db.prepare('SELECT * FROM confluence_page WHERE id = ?');
  const isEmpty = db.prepare(
    "SELECT NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = 'confluence_page') AS empty",
  );

  const find = (id: number) => byId.get(id) as WikiPage | undefined;
  const mustFind = (id: number) => {
    const page = find(id);
    if (!page) throw new Error(`Page ${id} was written a moment ago and is not there.`);
    return page;
  };

  return {
    create(page, author, createdAt) {
      // The first page sets where ids start; from there on SQLite counts, and never gives one twice.
      const isFirst = (isEmpty.get() as { empty: number }).empty === 1;
      const row = { ...page, id: isFirst ? firstPageId : null, author, at: createdAt ?? clock.now() };
      return mustFind(Number(insert.run(row).lastInsertRowid));
    },
    update(id, change, author) {
      update.run({ ...change, id, author, at: clock.now() });
      return find(id);
    },
    find,
    findByTitle: (spaceKey, title) =>
      db.prepare('SELECT * FROM confluence_page WHERE spaceKey = ? AND title = ?').get(spaceKey, title) as
        WikiPage | undefined,
    all: () =>
      db.prepare('SELECT * FROM confluence_page ORDER BY updatedAt DESC, id DESC').all() as WikiPage[],
    delete: (id) => void db.prepare('DELETE FROM confluence_page WHERE id = ?').run(id),
  };
}
