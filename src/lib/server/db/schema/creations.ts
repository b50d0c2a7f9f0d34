import { index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import { undoStates } from '../../../contracts/run-event.ts';
import { conversations, storyDrafts } from './conversations.ts';
import { users } from './people.ts';

/** One person's yes to exactly what was shown. One compare-and-set on `interruptId` decides among racing tabs. */
export const approvals = sqliteTable(
  'approval',
  {
    id: text('id').primaryKey(),
    conversationId: text('conversation_id')
      .notNull()
      .references(() => conversations.id, { onDelete: 'cascade' }),
    userId: text('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    interruptId: text('interrupt_id').notNull(),
    /** JSON of [{draftId, version, hash}]. */
    drafts: text('drafts').notNull(),
    createdAt: integer('created_at').notNull(),
  },
  (table) => [
    uniqueIndex('approval_interrupt').on(table.interruptId),
    index('approval_conversation').on(table.conversationId),
    // This one and its like: deleting a row asks each table that refers to it.
    index('approval_user').on(table.userId),
  ],
);

/** The record that one story is to become one issue. `sent` is committed before the call leaves. */
export const creationIntents = sqliteTable(
  'creation_intent',
  {
    id: text('id').primaryKey(),
    approvalId: text('approval_id')
      .notNull()
      .references(() => approvals.id, { onDelete: 'cascade' }),
    conversationId: text('conversation_id')
      .notNull()
      .references(() => conversations.id, { onDelete: 'cascade' }),
    userId: text('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    draftId: text('draft_id')
      .notNull()
      .references(() => storyDrafts.id, { onDelete: 'cascade' }),
    draftVersion: integer('draft_version').notNull(),
    markerLabel: text('marker_label').notNull(),
    /** SHA-256 of the arguments' canonical JSON, hex: what the approval bound. */
    payloadHash: text('payload_hash').notNull(),
    /** JSON of the Posting. */
    payload: text('payload').notNull(),
    status: text('status', {
      enum: ['recorded', 'sent', 'created', 'failed', 'unknown', 'cancelled'],
    }).notNull(),
    attempts: integer('attempts').notNull().default(0),
    issueKey: text('issue_key'),
    issueUrl: text('issue_url'),
    /** JSON of a Problem. */
    problem: text('problem'),
    leaseOwner: text('lease_owner'),
    leaseUntil: integer('lease_until'),
    sentAt: integer('sent_at'),
    nextCheckAt: integer('next_check_at'),
    checks: integer('checks').notNull().default(0),
    createdAt: integer('created_at').notNull(),
    updatedAt: integer('updated_at').notNull(),
  },
  (table) => [
    uniqueIndex('creation_intent_marker').on(table.markerLabel),
    index('creation_intent_conversation').on(table.conversationId),
    index('creation_intent_status').on(table.status, table.nextCheckAt),
    index('creation_intent_approval').on(table.approvalId),
    index('creation_intent_draft').on(table.draftId),
    index('creation_intent_user').on(table.userId),
  ],
);

/** One issue that a launch created and that is to be taken back. Survives a crash: what waits is taken up again. */
export const creationUndos = sqliteTable(
  'creation_undo',
  {
    intentId: text('intent_id')
      .primaryKey()
      .references(() => creationIntents.id, { onDelete: 'cascade' }),
    approvalId: text('approval_id')
      .notNull()
      .references(() => approvals.id, { onDelete: 'cascade' }),
    conversationId: text('conversation_id')
      .notNull()
      .references(() => conversations.id, { onDelete: 'cascade' }),
    userId: text('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    draftId: text('draft_id')
      .notNull()
      .references(() => storyDrafts.id, { onDelete: 'cascade' }),
    issueKey: text('issue_key').notNull(),
    issueUrl: text('issue_url').notNull(),
    state: text('state', { enum: undoStates }).notNull(),
    reason: text('reason'),
    /** Deleting was refused and closing began: from then on a change of status or labels may be our own. */
    closing: integer('closing', { mode: 'boolean' }).notNull().default(false),
    attempts: integer('attempts').notNull().default(0),
    nextTryAt: integer('next_try_at').notNull(),
    leaseOwner: text('lease_owner'),
    leaseUntil: integer('lease_until'),
    requestId: text('request_id').notNull(),
    createdAt: integer('created_at').notNull(),
    updatedAt: integer('updated_at').notNull(),
  },
  (table) => [
    index('creation_undo_state').on(table.state, table.nextTryAt),
    index('creation_undo_approval').on(table.approvalId),
    index('creation_undo_conversation').on(table.conversationId),
    index('creation_undo_draft').on(table.draftId),
    index('creation_undo_user').on(table.userId),
  ],
);
