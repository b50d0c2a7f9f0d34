import { and, asc, eq, isNotNull, isNull, or, sql } from 'drizzle-orm';
import type { RunEvent } from '../../contracts/run-event.ts';
import type { AppDatabase } from '../db/connection.ts';
import { messages } from '../db/schema/index.ts';
import { appendEvents } from './journal-rows.ts';
import { prepared } from './prepared.ts';
import { inTransaction } from './transaction.ts';

interface SpokenMessage {
  messageId: string;
  role: 'user' | 'assistant';
  text: string;
  /** The nth message of the person; null for the assistant. */
  number: number | null;
}

export type MessageRepository = ReturnType<typeof createMessageRepository>;

export function createMessageRepository(db: AppDatabase) {
  return {
    /** What was said, in order; not what is still queued or was withdrawn. */
    async spoken(conversationId: string): Promise<SpokenMessage[]> {
      return spokenMessages(db.orm).all({ conversationId });
    },

    /** Takes a queued message back. Null when it is not queued (any more). */
    async withdraw(conversationId: string, messageId: string, at: number): Promise<RunEvent[] | null> {
      return inTransaction(db, (tx) => {
        const withdrawn = tx
          .update(messages)
          .set({ withdrawnAt: at })
          .where(
            and(
              eq(messages.id, messageId),
              eq(messages.conversationId, conversationId),
              isNotNull(messages.queuedAt),
              isNull(messages.number),
              isNull(messages.withdrawnAt),
            ),
          )
          .run();
        if (withdrawn.changes === 0) return null;
        const events = [{ type: 'message_withdrawn' as const, body: { messageId } }];
        return appendEvents(tx, { conversationId, runId: null, events, at });
      });
    },
  };
}

const spokenMessages = prepared((tx) =>
  tx
    .select({
      messageId: messages.id,
      role: messages.role,
      text: messages.text,
      number: messages.number,
    })
    .from(messages)
    .where(
      and(
        eq(messages.conversationId, sql.placeholder('conversationId')),
        or(eq(messages.role, 'assistant'), isNotNull(messages.number)),
      ),
    )
    .orderBy(asc(messages.createdAt), asc(sql`rowid`))
    .prepare(),
);
