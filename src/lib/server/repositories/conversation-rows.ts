import { and, eq, isNull, sql } from 'drizzle-orm';
import type { ClarifyQuestion } from '../../contracts/clarification.ts';
import type { NewRunEvent } from '../../contracts/run-event.ts';
import { conversations } from '../db/schema/index.ts';
import { prepared, preparedChange } from './prepared.ts';
import type { Statements } from './transaction.ts';

export type ConversationRow = typeof conversations.$inferSelect;

/** What a conversation waits for, as its row keeps it. */
export type StoredInterrupt =
  | { kind: 'clarify'; interruptId: string; questions: ClarifyQuestion[] }
  | { kind: 'review'; interruptId: string; draftIds: string[] };

/** The title until the first message gives a better one. */
export const untitled = 'New conversation';

/** The person's own conversation, or nothing: somebody else's and a deleted one look like none. */
export function ownConversation(
  tx: Statements,
  { userId, conversationId }: { userId: string; conversationId: string },
): ConversationRow | undefined {
  return ownRow(tx).get({ userId, conversationId });
}

const ownRow = prepared((tx) =>
  tx
    .select()
    .from(conversations)
    .where(
      and(
        eq(conversations.id, sql.placeholder('conversationId')),
        eq(conversations.userId, sql.placeholder('userId')),
        isNull(conversations.deletedAt),
      ),
    )
    .prepare(),
);

/** Changes the row and returns the event that tells of it. */
export function changeConversation(
  tx: Statements,
  conversationId: string,
  change: Partial<typeof conversations.$inferInsert>,
): NewRunEvent {
  const row = changed(tx, change, { conversationId });
  if (!row) throw new Error(`The conversation ${conversationId} is gone.`);
  const { title, status, projectKey } = row;
  return { type: 'conversation_changed', body: { title, status, projectKey } };
}

const changed = preparedChange(conversations, eq(conversations.id, sql.placeholder('conversationId')));

/** A conversation whosever it is. */
export const conversationRow = prepared((tx) =>
  tx
    .select()
    .from(conversations)
    .where(eq(conversations.id, sql.placeholder('conversationId')))
    .prepare(),
);

export function interruptOf(row: Pick<ConversationRow, 'interrupt'>): StoredInterrupt | null {
  return row.interrupt === null ? null : (JSON.parse(row.interrupt) as StoredInterrupt);
}
