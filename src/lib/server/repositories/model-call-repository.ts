import { and, count, eq, gte, lt, ne, sql, sum } from 'drizzle-orm';
import type { Usage } from '../../contracts/usage.ts';
import type { AppDatabase } from '../db/connection.ts';
import { modelCalls } from '../db/schema/index.ts';
import { prepared } from './prepared.ts';
import { inHastyTransaction } from './transaction.ts';

export type ModelCallRecord = typeof modelCalls.$inferInsert;
export type ModelCallRepository = ReturnType<typeof createModelCallRepository>;

/** What calls of the model cost. */
export function createModelCallRepository(db: AppDatabase) {
  const { orm } = db;

  return {
    /** Without waiting for the disk: a power cut may lose the cost of the last calls, and nobody waits for it. */
    record(call: ModelCallRecord): void {
      inHastyTransaction(db, (tx) => callInsert(tx).run({ ...unnamed, ...call }));
    },

    /** What was used since a time by one person, or by everybody (null). Refused calls cost nothing. */
    usedSince(userId: string | null, since: number): Usage {
      const whose = userId === null ? undefined : eq(modelCalls.userId, userId);
      const row = orm
        .select({
          calls: count(),
          inputTokens: sum(modelCalls.inputTokens).mapWith(Number),
          outputTokens: sum(modelCalls.outputTokens).mapWith(Number),
          totalMs: sum(modelCalls.totalMs).mapWith(Number),
          hasEstimates: sql`max(${modelCalls.isEstimate})`.mapWith(Boolean),
        })
        .from(modelCalls)
        .where(and(whose, gte(modelCalls.at, since), ne(modelCalls.outcome, 'refused')))
        .get();
      return {
        calls: row?.calls ?? 0,
        inputTokens: row?.inputTokens ?? 0,
        outputTokens: row?.outputTokens ?? 0,
        totalMs: row?.totalMs ?? 0,
        hasEstimates: row?.hasEstimates ?? false,
      };
    },

    /** Removes what began before a time; returns how many. */
    async removeBefore(time: number): Promise<number> {
      return orm.delete(modelCalls).where(lt(modelCalls.at, time)).run().changes;
    },
  };
}

/** What a call has only within a conversation, or once a token came. */
const unnamed = { conversationId: null, runId: null, firstTokenMs: null };

const callInsert = prepared((tx) =>
  tx
    .insert(modelCalls)
    .values({
      id: sql.placeholder('id'),
      userId: sql.placeholder('userId'),
      conversationId: sql.placeholder('conversationId'),
      runId: sql.placeholder('runId'),
      callType: sql.placeholder('callType'),
      inputTokens: sql.placeholder('inputTokens'),
      outputTokens: sql.placeholder('outputTokens'),
      isEstimate: sql.placeholder('isEstimate'),
      firstTokenMs: sql.placeholder('firstTokenMs'),
      totalMs: sql.placeholder('totalMs'),
      outcome: sql.placeholder('outcome'),
      at: sql.placeholder('at'),
    })
    .prepare(),
);
