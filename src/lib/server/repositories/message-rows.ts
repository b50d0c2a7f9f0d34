import { and, asc, count, eq, isNotNull, isNull, max, sql, type Placeholder } from 'drizzle-orm';
import type { NewRunEvent } from '../../contracts/run-event.ts';
import { messages, runs } from '../db/schema/index.ts';
import { prepared } from './prepared.ts';
import type { Statements } from './transaction.ts';

export interface NewMessage {
  messageId: string;
  text: string;
  draftIds: string[];
}

/** The same message was taken before (nothing is to do), or another conversation has one of this id. */
export type KnownMessage =
  { outcome: 'repeated'; runId: string | null; queued: boolean } | { outcome: 'id_taken' };

/** What is known of a message that is about to be stored; null when it is new. */
export function knownMessage(tx: Statements, conversationId: string, messageId: string): KnownMessage | null {
  const known = messageRowOf(tx).get({ messageId });
  if (!known) return null;
  if (known.conversationId !== conversationId || known.role !== 'user') return { outcome: 'id_taken' };
  const run = tx
    .select({ id: runs.id })
    .from(runs)
    .where(
      and(
        eq(runs.conversationId, conversationId),
        sql`json_extract(${runs.input}, '$.input.messageId') = ${messageId}`,
      ),
    )
    .get();
  return { outcome: 'repeated', runId: run?.id ?? null, queued: known.number === null };
}

/** Stores a person's message as said, and returns its number. */
export function storeMessage(
  tx: Statements,
  conversationId: string,
  message: NewMessage,
  at: number,
): number {
  const number = nextMessageNumber(tx, conversationId);
  messageInsert(tx).run({ ...messageRow(conversationId, message), number, createdAt: at });
  return number;
}

const messageRowOf = prepared((tx) =>
  tx
    .select()
    .from(messages)
    .where(eq(messages.id, sql.placeholder('messageId')))
    .prepare(),
);

const messageInsert = prepared((tx) =>
  tx
    .insert(messages)
    .values({
      id: sql.placeholder('id'),
      conversationId: sql.placeholder('conversationId'),
      role: sql.placeholder('role'),
      text: sql.placeholder('text'),
      draftIds: sql.placeholder('draftIds'),
      number: sql.placeholder('number'),
      createdAt: sql.placeholder('createdAt'),
    })
    .prepare(),
);

export function queueMessage(
  tx: Statements,
  conversationId: string,
  message: NewMessage,
  at: number,
): NewRunEvent {
  tx.insert(messages)
    .values({ ...messageRow(conversationId, message), queuedAt: at, createdAt: at })
    .run();
  return { type: 'message_queued', body: { messageId: message.messageId, text: message.text } };
}

/** The message that has waited longest, or null. */
export function oldestQueued(tx: Statements, conversationId: string): NewMessage | null {
  const row = oldestInQueue(tx).get({ conversationId });
  return row ? { messageId: row.id, text: row.text, draftIds: JSON.parse(row.draftIds) as string[] } : null;
}

const oldestInQueue = prepared((tx) =>
  tx
    .select()
    .from(messages)
    .where(queuedIn(sql.placeholder('conversationId')))
    .orderBy(asc(messages.queuedAt), asc(messages.id))
    .limit(1)
    .prepare(),
);

export function queuedCount(tx: Statements, conversationId: string): number {
  return tx.select({ count: count() }).from(messages).where(queuedIn(conversationId)).get()?.count ?? 0;
}

/** A queued message counts as said from now on, later than what the agent said while it waited. Returns its number. */
export function sayQueued(tx: Statements, conversationId: string, messageId: string, at: number): number {
  const number = nextMessageNumber(tx, conversationId);
  tx.update(messages).set({ number, createdAt: at }).where(eq(messages.id, messageId)).run();
  return number;
}

function queuedIn(conversationId: string | Placeholder) {
  return and(
    eq(messages.conversationId, conversationId),
    isNotNull(messages.queuedAt),
    isNull(messages.number),
    isNull(messages.withdrawnAt),
  );
}

function nextMessageNumber(tx: Statements, conversationId: string): number {
  const last = lastNumber(tx).get({ conversationId });
  return (last?.number ?? 0) + 1;
}

const lastNumber = prepared((tx) =>
  tx
    .select({ number: max(messages.number) })
    .from(messages)
    .where(eq(messages.conversationId, sql.placeholder('conversationId')))
    .prepare(),
);

function messageRow(conversationId: string, { messageId, text, draftIds }: NewMessage) {
  return { id: messageId, conversationId, role: 'user' as const, text, draftIds: JSON.stringify(draftIds) };
}
