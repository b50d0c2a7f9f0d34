import { sql } from 'drizzle-orm';
import { index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import { conversationStatuses } from '../../../contracts/run-event.ts';
import { draftStatuses } from '../../../contracts/story.ts';
import { users } from './people.ts';

/** One LangGraph thread (its id is the thread's), owned by one person. */
export const conversations = sqliteTable(
  'conversation',
  {
    id: text('id').primaryKey(),
    userId: text('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    title: text('title').notNull(),
    status: text('status', { enum: conversationStatuses }).notNull().default('empty'),
    projectKey: text('project_key'),
    /** JSON: chosen format, prompt, issue type, epic. */
    choices: text('choices').notNull().default('{}'),
    /** The journal's last seq; the next event takes lastSeq + 1. */
    lastSeq: integer('last_seq').notNull().default(0),
    /** JSON: the interrupt that waits, `null` when none does. */
    interrupt: text('interrupt'),
    archivedAt: integer('archived_at'),
    deletedAt: integer('deleted_at'),
    createdAt: integer('created_at').notNull(),
    updatedAt: integer('updated_at').notNull(),
  },
  (table) => [
    index('conversation_user_updated').on(table.userId, table.updatedAt),
    index('conversation_removed')
      .on(table.deletedAt)
      .where(sql`${table.deletedAt} is not null`),
  ],
);

export const messages = sqliteTable(
  'message',
  {
    /** Made by the client for a person's message: sending it twice stores it once. */
    id: text('id').primaryKey(),
    conversationId: text('conversation_id')
      .notNull()
      .references(() => conversations.id, { onDelete: 'cascade' }),
    role: text('role', { enum: ['user', 'assistant'] }).notNull(),
    text: text('text').notNull(),
    /** The nth message of the person, once it is no longer queued; null for the assistant. */
    number: integer('number'),
    /** JSON array of the drafts it is about. */
    draftIds: text('draft_ids').notNull().default('[]'),
    queuedAt: integer('queued_at'),
    withdrawnAt: integer('withdrawn_at'),
    createdAt: integer('created_at').notNull(),
  },
  (table) => [index('message_conversation').on(table.conversationId, table.createdAt)],
);

/** What the agent asked and what was answered. `ref` is A1, A2 ... */
export const clarifications = sqliteTable(
  'clarification',
  {
    id: text('id').primaryKey(),
    conversationId: text('conversation_id')
      .notNull()
      .references(() => conversations.id, { onDelete: 'cascade' }),
    interruptId: text('interrupt_id').notNull(),
    ref: text('ref').notNull(),
    question: text('question').notNull(),
    why: text('why').notNull(),
    /** JSON array. */
    suggestions: text('suggestions').notNull(),
    answer: text('answer'),
    answeredAt: integer('answered_at'),
  },
  (table) => [uniqueIndex('clarification_ref').on(table.conversationId, table.ref)],
);

export const sources = sqliteTable(
  'source',
  {
    id: text('id').primaryKey(),
    conversationId: text('conversation_id')
      .notNull()
      .references(() => conversations.id, { onDelete: 'cascade' }),
    ref: text('ref').notNull(),
    kind: text('kind', { enum: ['page', 'issue', 'text', 'file'] }).notNull(),
    title: text('title').notNull(),
    version: text('version'),
    url: text('url'),
    /** JSON array of strings. */
    paragraphs: text('paragraphs').notNull(),
    createdAt: integer('created_at').notNull(),
  },
  (table) => [uniqueIndex('source_ref').on(table.conversationId, table.ref)],
);

/** One stretch of work. At most one row a conversation is `running`: that is the lock. */
export const runs = sqliteTable(
  'run',
  {
    id: text('id').primaryKey(),
    conversationId: text('conversation_id')
      .notNull()
      .references(() => conversations.id, { onDelete: 'cascade' }),
    userId: text('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    status: text('status', {
      enum: ['running', 'waiting', 'completed', 'stopped', 'failed', 'interrupted'],
    }).notNull(),
    /** JSON of the RunInput, so that an interrupted run can be taken up again. */
    input: text('input').notNull(),
    /** The process that drives it; a run whose process is gone is reaped. */
    processId: text('process_id').notNull(),
    /** Raised by whoever takes the run over: a former owner's writes are refused. */
    fence: integer('fence').notNull().default(1),
    heartbeatAt: integer('heartbeat_at').notNull(),
    startedAt: integer('started_at').notNull(),
    endedAt: integer('ended_at'),
    /** JSON of a Problem. */
    problem: text('problem'),
    requestId: text('request_id'),
  },
  (table) => [
    uniqueIndex('run_active')
      .on(table.conversationId)
      .where(sql`${table.status} = 'running'`),
    index('run_conversation').on(table.conversationId, table.startedAt),
    index('run_status').on(table.status, table.heartbeatAt),
    // Not for a query: deleting a person asks each table that refers to them.
    index('run_user').on(table.userId),
  ],
);

/** The journal: what every tab of a conversation has seen or will see. */
export const runEvents = sqliteTable(
  'run_event',
  {
    conversationId: text('conversation_id')
      .notNull()
      .references(() => conversations.id, { onDelete: 'cascade' }),
    seq: integer('seq').notNull(),
    /** The first seq that this row stands for after compaction; null when only its own. */
    covers: integer('covers'),
    runId: text('run_id'),
    type: text('type').notNull(),
    /** JSON of the event's body. */
    body: text('body').notNull(),
    at: integer('at').notNull(),
  },
  (table) => [
    uniqueIndex('run_event_seq').on(table.conversationId, table.seq),
    // For what a run's end compacts; hardly anything is in it afterwards.
    index('run_event_stream')
      .on(table.runId, table.type)
      .where(sql`${table.type} = 'assistant_token' or ${table.type} = 'stream_ended'`),
  ],
);

export const storyDrafts = sqliteTable(
  'story_draft',
  {
    id: text('id').primaryKey(),
    conversationId: text('conversation_id')
      .notNull()
      .references(() => conversations.id, { onDelete: 'cascade' }),
    parentId: text('parent_id'),
    position: integer('position').notNull(),
    status: text('status', { enum: draftStatuses }).notNull().default('proposed'),
    version: integer('version').notNull(),
    /** JSON arrays and objects of the newest version, so that a list needs no join. */
    similar: text('similar').notNull().default('[]'),
    issueKey: text('issue_key'),
    issueUrl: text('issue_url'),
    intentId: text('intent_id'),
    problem: text('problem'),
    createdAt: integer('created_at').notNull(),
    updatedAt: integer('updated_at').notNull(),
  },
  (table) => [
    index('story_draft_conversation').on(table.conversationId, table.position),
    index('story_draft_parent').on(table.parentId),
  ],
);

export const storyDraftVersions = sqliteTable(
  'story_draft_version',
  {
    draftId: text('draft_id')
      .notNull()
      .references(() => storyDrafts.id, { onDelete: 'cascade' }),
    version: integer('version').notNull(),
    author: text('author', { enum: ['agent', 'person'] }).notNull(),
    runId: text('run_id'),
    /** JSON of StoryContent. */
    content: text('content').notNull(),
    /** JSON of RuleResult[]. */
    rules: text('rules').notNull(),
    /** JSON of DraftConflict[]: places where the person has to choose. */
    conflicts: text('conflicts').notNull().default('[]'),
    /** JSON of ExtraFields: values for required fields that no draft carries. */
    extraFields: text('extra_fields').notNull().default('{}'),
    /** JSON of Posting; null until prepared. */
    posting: text('posting'),
    /** `blg-<ulid>`, minted with the version. */
    markerLabel: text('marker_label').notNull(),
    createdAt: integer('created_at').notNull(),
  },
  (table) => [uniqueIndex('story_draft_version_number').on(table.draftId, table.version)],
);
