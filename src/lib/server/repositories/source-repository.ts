import { asc, count, eq, sql } from 'drizzle-orm';
import type { RunEvent } from '../../contracts/run-event.ts';
import type { AppDatabase } from '../db/connection.ts';
import { sources } from '../db/schema/index.ts';
import { appendEvents } from './journal-rows.ts';
import { prepared } from './prepared.ts';
import { inTransaction } from './transaction.ts';

export interface NewSource {
  kind: 'page' | 'issue' | 'text' | 'file';
  title: string;
  version: string | null;
  url: string | null;
  paragraphs: string[];
}
export interface StoredSource extends NewSource {
  sourceId: string;
  /** `S1`, `S2` ... */
  ref: string;
}

export type SourceRepository = ReturnType<typeof createSourceRepository>;

export function createSourceRepository(db: AppDatabase) {
  return {
    async list(conversationId: string): Promise<StoredSource[]> {
      return sourcesOf(db.orm)
        .all({ conversationId })
        .map(({ id: sourceId, ref, kind, title, version, url, paragraphs }) => ({
          sourceId,
          ref,
          kind,
          title,
          version,
          url,
          paragraphs: JSON.parse(paragraphs) as string[],
        }));
    },

    /** Stores a source under the next number, with the event that shows it. */
    async add(
      where: { conversationId: string; runId: string | null; sourceId: string; at: number },
      source: NewSource,
    ): Promise<{ source: StoredSource; events: RunEvent[] }> {
      return inTransaction(db, (tx) => {
        const { conversationId, runId, sourceId, at } = where;
        const before = tx
          .select({ count: count() })
          .from(sources)
          .where(eq(sources.conversationId, conversationId))
          .get();
        const ref = `S${(before?.count ?? 0) + 1}`;
        const { kind, title, version, url, paragraphs } = source;
        tx.insert(sources)
          .values({
            id: sourceId,
            conversationId,
            ref,
            kind,
            title,
            version,
            url,
            paragraphs: JSON.stringify(paragraphs),
            createdAt: at,
          })
          .run();
        const body = { sourceId, ref, kind, title, version, url, paragraphs: paragraphs.length };
        const events = appendEvents(tx, {
          conversationId,
          runId,
          events: [{ type: 'source_added', body }],
          at,
        });
        return { source: { ...source, sourceId, ref }, events };
      });
    },
  };
}

const sourcesOf = prepared((tx) =>
  tx
    .select()
    .from(sources)
    .where(eq(sources.conversationId, sql.placeholder('conversationId')))
    .orderBy(asc(sql`rowid`))
    .prepare(),
);
