import { createHash } from 'node:crypto';
import type { Database } from 'better-sqlite3';
import type { Clock } from './clock.ts';
import type { Product } from './faults.ts';

/** One request as it really went, whatever its caller was told. */
export interface LedgerEntry {
  readonly id: number;
  readonly at: number;
  readonly product: Product;
  /** Employee id, or null for somebody without a valid credential. */
  readonly person: string | null;
  readonly method: string;
  /** Path and query, without the context path. */
  readonly path: string;
  /** Whether the request took effect: it answered a read, or changed something. */
  readonly applied: boolean;
  /** The status that was, or would have been, answered; null where a fault came first. */
  readonly status: number | null;
  /** What the request made or changed: an issue key, a page id. */
  readonly key: string | null;
  /** SHA-256 of the request's body in hex, null without one. The body itself is not kept. */
  readonly bodyHash: string | null;
  /** Kind of the fault that hit it. */
  readonly fault: string | null;
}

export interface LedgerFilter {
  readonly product?: Product | undefined;
  readonly person?: string | undefined;
  readonly method?: string | undefined;
  /** Prefix of the path. */
  readonly path?: string | undefined;
  readonly key?: string | undefined;
  readonly applied?: boolean | undefined;
  /** Kind of the fault that hit it. */
  readonly fault?: string | undefined;
}

export type NewLedgerEntry = Pick<LedgerEntry, 'product' | 'method' | 'path' | 'applied'> & {
  readonly person?: string | null | undefined;
  readonly status?: number | null | undefined;
  readonly key?: string | null | undefined;
  readonly fault?: string | null | undefined;
  readonly body?: Uint8Array | string | undefined;
};

export interface Ledger {
  record(entry: NewLedgerEntry): LedgerEntry;
  /** What happened, oldest first. */
  entries(filter?: LedgerFilter): LedgerEntry[];
  /** Resolves with the first matching entry, be it here already or yet to come; rejects when aborted. */
  waitFor(filter: LedgerFilter, options?: { signal?: AbortSignal }): Promise<LedgerEntry>;
  clear(): void;
}

// A sandbox may run for weeks: beyond this many entries the oldest go.
const keptEntries = 50_000;

/** The ledger in `sandbox.db`: the ground truth of fault tests, kept over restarts. */
export function createLedger(deps: { db: Database; clock: Clock }): Ledger {
  const { db, clock } = deps;
  db.exec(`CREATE TABLE IF NOT EXISTS ledger (
    id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, product TEXT NOT NULL, person TEXT,
    method TEXT NOT NULL, path TEXT NOT NULL, applied INTEGER NOT NULL, status INTEGER, key TEXT,
    body_hash TEXT, fault TEXT) STRICT`);
  const insert = db.prepare(`INSERT INTO ledger (at, product, person, method, path, applied, status, key,
    body_hash, fault) VALUES (@at, @product, @person, @method, @path, @applied, @status, @key, @bodyHash, @fault)`);
  const trim = db.prepare('DELETE FROM ledger WHERE id <= ?');
  const waiting = new Set<(entry: LedgerEntry) => void>();

  function record(entry: NewLedgerEntry): LedgerEntry {
    const row = {
      at: clock.now(),
      product: entry.product,
      person: entry.person ?? null,
      method: entry.method,
      path: entry.path,
      applied: entry.applied ? 1 : 0,
      status: entry.status ?? null,
      key: entry.key ?? null,
      bodyHash: entry.body?.length ? createHash('sha256').update(entry.body).digest('hex') : null,
      fault: entry.fault ?? null,
    };
    const id = Number(insert.run(row).lastInsertRowid);
    if (id % 1_000 === 0) trim.run(id - keptEntries);
    const recorded = { ...row, id, applied: entry.applied };
    for (const notify of [...waiting]) notify(recorded);
    return recorded;
  }

  function entries(filter: LedgerFilter = {}): LedgerEntry[] {
    const rows = db
      .prepare(
        'SELECT id, at, product, person, method, path, applied, status, key, body_hash, fault FROM ledger ORDER BY id',
      )
      .all() as LedgerRow[];
    return rows.map(toEntry).filter((entry) => matches(entry, filter));
  }

  function waitFor(filter: LedgerFilter, options: { signal?: AbortSignal } = {}): Promise<LedgerEntry> {
    const known = entries(filter)[0];
    if (known) return Promise.resolve(known);
    return new Promise((resolve, reject) => {
      const notify = (entry: LedgerEntry) => {
        if (!matches(entry, filter)) return;
        waiting.delete(notify);
        resolve(entry);
      };
      waiting.add(notify);
      options.signal?.addEventListener('abort', () => {
        waiting.delete(notify);
        reject(new Error('Nothing in the ledger matched before the wait was given up.'));
      });
    });
  }

  return { record, entries, waitFor, clear: () => void db.exec('DELETE FROM ledger') };
}

interface LedgerRow {
  id: number;
  at: number;
  product: Product;
  person: string | null;
  method: string;
  path: string;
  applied: number;
  status: number | null;
  key: string | null;
  body_hash: string | null;
  fault: string | null;
}

function toEntry({ body_hash: bodyHash, applied, ...row }: LedgerRow): LedgerEntry {
  return { ...row, bodyHash, applied: applied === 1 };
}

function matches(entry: LedgerEntry, filter: LedgerFilter): boolean {
  return (
    (filter.product === undefined || entry.product === filter.product) &&
    (filter.person === undefined || entry.person === filter.person) &&
    (filter.method === undefined || entry.method === filter.method.toUpperCase()) &&
    (filter.path === undefined || entry.path.startsWith(filter.path)) &&
    (filter.key === undefined || entry.key === filter.key) &&
    (filter.applied === undefined || entry.applied === filter.applied) &&
    (filter.fault === undefined || entry.fault === filter.fault)
  );
}
