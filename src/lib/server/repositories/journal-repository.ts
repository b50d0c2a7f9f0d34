import { and, asc, eq, gt, sql } from 'drizzle-orm';
import type { NewRunEvent, RunEvent } from '../../contracts/run-event.ts';
import type { AppDatabase } from '../db/connection.ts';
import { conversations, runEvents } from '../db/schema/index.ts';
import { appendEvents, toRunEvent } from './journal-rows.ts';
import { prepared } from './prepared.ts';
import { isClaimed, type RunClaim } from './run-rows.ts';
import { inHastyTransaction, inPromisedTransaction } from './transaction.ts';

/** Events of one writer, in order. */
export interface JournalEntry {
  conversationId: string;
  /** The run that wrote them, or null for what a person did. */
  run: RunClaim | null;
  events: NewRunEvent[];
}

export type JournalRepository = ReturnType<typeof createJournalRepository>;

/** The journal of every conversation: what each tab has seen or will see. */
export function createJournalRepository(db: AppDatabase) {
  return {
    /**
     * Appends everything in one transaction and returns it with its seqs. What comes from a run that was ended or
     * taken over since is left out.
     */
    async append(entries: readonly JournalEntry[], at: number): Promise<RunEvent[]> {
      const transaction = entries.every(isProgress) ? inHastyTransaction : inPromisedTransaction;
      return transaction(db, (tx) =>
        entries.flatMap(({ conversationId, run, events }) =>
          run !== null && !isClaimed(tx, run)
            ? []
            : appendEvents(tx, { conversationId, runId: run?.runId ?? null, events, at }),
        ),
      );
    },

    /** Events after a seq, oldest first, at most `limit`. */
    async after(conversationId: string, seq: number, limit: number): Promise<RunEvent[]> {
      return eventsAfter(db.orm).all({ conversationId, seq, limit }).map(toRunEvent);
    },

    /** The seq of the newest event; 0 before the first. */
    async lastSeq(conversationId: string): Promise<number> {
      return newestSeq(db.orm).get({ conversationId })?.lastSeq ?? 0;
    },
  };
}

const eventsAfter = prepared((statements) =>
  statements
    .select()
    .from(runEvents)
    .where(
      and(
        eq(runEvents.conversationId, sql.placeholder('conversationId')),
        gt(runEvents.seq, sql.placeholder('seq')),
      ),
    )
    .orderBy(asc(runEvents.seq))
    .limit(sql.placeholder('limit'))
    .prepare(),
);

const newestSeq = prepared((statements) =>
  statements
    .select({ lastSeq: conversations.lastSeq })
    .from(conversations)
    .where(eq(conversations.id, sql.placeholder('conversationId')))
    .prepare(),
);

/** What only tells how a run comes along. The run's end waits for the disk, and takes what came before it along. */
function isProgress({ run, events }: JournalEntry): boolean {
  return run !== null && events.every(tellsProgress);
}

/** Whether an event of a run may be told before the disk has it. */
export function tellsProgress({ type }: Pick<NewRunEvent, 'type'>): boolean {
  return progressTypes.has(type);
}

const progressTypes: ReadonlySet<NewRunEvent['type']> = new Set(['assistant_token', 'stream_ended', 'step']);
