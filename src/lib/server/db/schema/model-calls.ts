import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { users } from './people.ts';

/** One call of the model, whatever came of it: what it cost, never what it was about. */
export const modelCalls = sqliteTable(
  'model_call',
  {
    id: text('id').primaryKey(),
    userId: text('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    /** No reference: what was used stays counted when its conversation is deleted. Null outside of one. */
    conversationId: text('conversation_id'),
    runId: text('run_id'),
    callType: text('call_type').notNull(),
    inputTokens: integer('input_tokens').notNull(),
    outputTokens: integer('output_tokens').notNull(),
    /** The model did not say, so at least one of the two numbers was estimated from the text. */
    isEstimate: integer('is_estimate', { mode: 'boolean' }).notNull(),
    /** Null where no word came. */
    firstTokenMs: integer('first_token_ms'),
    totalMs: integer('total_ms').notNull(),
    /** `refused`: over the budget, and never sent. */
    outcome: text('outcome', { enum: ['ok', 'cut', 'stopped', 'failed', 'refused'] }).notNull(),
    /** When it began. Milliseconds since 1970, UTC. */
    at: integer('at').notNull(),
  },
  (table) => [index('model_call_user').on(table.userId, table.at), index('model_call_at').on(table.at)],
);
