import { sql } from 'drizzle-orm';
import { index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import { users } from './people.ts';

/** The cached tool list of one MCP server as one person's token sees it. A failed refresh keeps the last good list. */
export const toolCatalog = sqliteTable(
  'tool_catalog',
  {
    userId: text('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    serverId: text('server_id').notNull(),
    /** JSON array of tools: name, description, input schema, annotations, schema hash. */
    tools: text('tools').notNull(),
    /** JSON array of capability hints. */
    capabilities: text('capabilities').notNull(),
    /** 0: never; only failures so far. */
    fetchedAt: integer('fetched_at').notNull(),
    ttlMs: integer('ttl_ms').notNull(),
    /** JSON object: the schema hash of each tool as it was last tested, by name. A writing tool with another one is off. */
    testedSchemas: text('tested_schemas').notNull().default('{}'),
    /** JSON of a Problem of the last refresh; null when it went well. */
    problem: text('problem'),
    refreshedAt: integer('refreshed_at').notNull(),
  },
  (table) => [uniqueIndex('tool_catalog_server').on(table.userId, table.serverId)],
);

export const backgroundJobs = sqliteTable(
  'background_job',
  {
    id: text('id').primaryKey(),
    type: text('type').notNull(),
    userId: text('user_id').references(() => users.id, { onDelete: 'cascade' }),
    /** What the job is about. Two unfinished jobs never share it, so that asking twice is asking once. */
    subject: text('subject'),
    status: text('status', { enum: ['queued', 'running', 'succeeded', 'failed', 'cancelled'] }).notNull(),
    /** JSON: plain data for the worker, no secrets. */
    input: text('input').notNull(),
    attempts: integer('attempts').notNull().default(0),
    maxAttempts: integer('max_attempts').notNull().default(6),
    /** JSON of a Problem. */
    problem: text('problem'),
    leaseOwner: text('lease_owner'),
    leaseUntil: integer('lease_until'),
    /** Raised with each lease: a worker that lost its lease cannot write. */
    fence: integer('fence').notNull().default(0),
    runAt: integer('run_at').notNull(),
    createdAt: integer('created_at').notNull(),
    startedAt: integer('started_at'),
    endedAt: integer('ended_at'),
    requestId: text('request_id'),
  },
  (table) => [
    index('background_job_due').on(table.status, table.runAt),
    index('background_job_user').on(table.userId, table.createdAt),
    uniqueIndex('background_job_unfinished')
      .on(table.subject)
      .where(sql`${table.status} in ('queued', 'running')`),
  ],
);
