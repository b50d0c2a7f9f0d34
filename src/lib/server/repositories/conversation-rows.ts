import { and, eq, isNull, sql } from 'drizzle-orm';
import type { ClarifyQuestion } from '../../contracts/clarification.ts';
import type { NewRunEvent } from '../../contracts/run-event.ts';
import { conversations } from '../db/schema/index.ts';
import { prepared } from './prepared.ts';
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
  const { title, status, projectKey } = tx
    .update(conversations)
    .set(change)
    .where(eq(conversations.id, conversationId))
    .returning()
    .get();
  return { type: 'conversation_changed', body: { title, status, projectKey } };
}

export function interruptOf(row: Pick<ConversationRow, 'interrupt'>): StoredInterrupt | null {
  return row.interrupt === null ? null : (JSON.parse(row.interrupt) as StoredInterrupt);
}
