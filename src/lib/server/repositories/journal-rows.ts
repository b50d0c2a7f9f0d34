import { and, eq, sql } from 'drizzle-orm';
import type { NewRunEvent, RunEvent } from '../../contracts/run-event.ts';
import { conversations, messages, runEvents } from '../db/schema/index.ts';
import { prepared } from './prepared.ts';
import type { Statements } from './transaction.ts';

interface NewEvents {
  conversationId: string;
  runId: string | null;
  events: readonly NewRunEvent[];
  at: number;
}

/** Appends events to a conversation's journal inside the caller's transaction, and returns them with their seqs. */
export function appendEvents(tx: Statements, { conversationId, runId, events, at }: NewEvents): RunEvent[] {
  if (events.length === 0) return [];
  const firstSeq = takeSeqs(tx, conversationId, events.length);
  const appended = events.map(
    (event, index) => ({ ...event, seq: firstSeq + index, conversationId, runId, at }) as RunEvent,
  );
  for (const { seq, type, body } of appended) {
    eventInsert(tx).run({ conversationId, seq, runId, type, body: JSON.stringify(body), at });
  }
  keepAssistantMessages(tx, appended);
  return appended;
}

/**
 * As `appendEvents`, with seqs that nobody can have seen before. The first event covers those that are skipped, so
 * that a tab which saw some of them goes on from there.
 */
export function appendAfterSkip(tx: Statements, entry: NewEvents, skipped: number): RunEvent[] {
  const covers = takeSeqs(tx, entry.conversationId, skipped);
  const [first, ...others] = appendEvents(tx, entry);
  if (!first) return [];
  tx.update(runEvents)
    .set({ covers })
    .where(and(eq(runEvents.conversationId, entry.conversationId), eq(runEvents.seq, first.seq)))
    .run();
  return [{ ...first, covers }, ...others];
}

/** The event that a row holds. What we stored ourselves is trusted: replays of 10,000 rows stay fast. */
export function toRunEvent(row: typeof runEvents.$inferSelect): RunEvent {
  const { conversationId, seq, covers, runId, type, body, at } = row;
  return {
    seq,
    ...(covers === null ? {} : { covers }),
    conversationId,
    runId,
    at,
    type,
    body: JSON.parse(body),
  } as RunEvent;
}

const eventInsert = prepared((tx) =>
  tx
    .insert(runEvents)
    .values({
      conversationId: sql.placeholder('conversationId'),
      seq: sql.placeholder('seq'),
      runId: sql.placeholder('runId'),
      type: sql.placeholder('type'),
      body: sql.placeholder('body'),
      at: sql.placeholder('at'),
    })
    .prepare(),
);

function takeSeqs(tx: Statements, conversationId: string, count: number): number {
  const row = seqsTaken(tx).get({ conversationId, count });
  if (!row) throw new Error(`The journal's conversation ${conversationId} is gone.`);
  return row.lastSeq - count + 1;
}

const seqsTaken = prepared((tx) =>
  tx
    .update(conversations)
    .set({ lastSeq: sql`${conversations.lastSeq} + ${sql.placeholder('count')}` })
    .where(eq(conversations.id, sql.placeholder('conversationId')))
    .returning({ lastSeq: conversations.lastSeq })
    .prepare(),
);

/** The transcript that the agent reads is stored with the event that shows it, or a crash could part them. */
function keepAssistantMessages(tx: Statements, events: RunEvent[]): void {
  for (const event of events) {
    if (event.type !== 'message_added' || event.body.role !== 'assistant') continue;
    const { messageId: id, text } = event.body;
    const { conversationId, at } = event;
    assistantMessageKept(tx).run({ id, conversationId, text, at });
  }
}

const assistantMessageKept = prepared((tx) =>
  tx
    .insert(messages)
    .values({
      id: sql.placeholder('id'),
      conversationId: sql.placeholder('conversationId'),
      role: 'assistant',
      text: sql.placeholder('text'),
      createdAt: sql.placeholder('at'),
    })
    .onConflictDoUpdate({
      target: messages.id,
      set: { text: sql`excluded.text` },
      setWhere: sql`${messages.conversationId} = excluded.conversation_id and ${messages.role} = 'assistant'`,
    })
    .prepare(),
);
