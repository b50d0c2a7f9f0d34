import { and, asc, eq, isNotNull, sql } from 'drizzle-orm';
import type { ClarifyQuestion } from '../../contracts/clarification.ts';
import type { AppDatabase } from '../db/connection.ts';
import { clarifications } from '../db/schema/index.ts';
import { prepared } from './prepared.ts';

interface AnsweredRow extends ClarifyQuestion {
  /** Null means skipped. */
  answer: string | null;
}

export type ClarificationRepository = ReturnType<typeof createClarificationRepository>;

export function createClarificationRepository(db: AppDatabase) {
  return {
    /** Questions that were answered or skipped, in the order in which they were asked. */
    async answered(conversationId: string): Promise<AnsweredRow[]> {
      return answeredRows(db.orm)
        .all({ conversationId })
        .map(({ ref: id, question, why, suggestions, answer }) => ({
          id,
          question,
          why,
          suggestions: JSON.parse(suggestions) as string[],
          answer,
        }));
    },
  };
}

const answeredRows = prepared((tx) =>
  tx
    .select()
    .from(clarifications)
    .where(
      and(
        eq(clarifications.conversationId, sql.placeholder('conversationId')),
        isNotNull(clarifications.answeredAt),
      ),
    )
    .orderBy(asc(sql`rowid`))
    .prepare(),
);
