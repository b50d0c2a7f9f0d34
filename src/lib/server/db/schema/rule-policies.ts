import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { bypassers } from '../../../contracts/bypass-terms.ts';

/** What administrators decided about setting rules aside; a rule without a row has the default. */
export const bypassPolicies = sqliteTable('bypass_policy', {
  /** A rule's id, or one key for all rules that are written as patterns. */
  ruleKey: text('rule_key').primaryKey(),
  who: text('who', { enum: bypassers }).notNull(),
  /** JSON: employee ids. */
  people: text('people').notNull(),
  reasonRequired: integer('reason_required', { mode: 'boolean' }).notNull(),
  changedAt: integer('changed_at').notNull(),
});
