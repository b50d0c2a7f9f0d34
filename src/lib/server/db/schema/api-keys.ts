import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { users } from './people.ts';

/** A person's key for scripts. Only its digest is kept: a copy of this table lets nobody in. */
export const apiKeys = sqliteTable(
  'api_key',
  {
    id: text('id').primaryKey(),
    userId: text('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    name: text('name').notNull(),
    /** SHA-256 of the whole key, hex. */
    hash: text('hash').notNull().unique(),
    /** The first characters of the key, by which its person knows it again. */
    prefix: text('prefix').notNull(),
    createdAt: integer('created_at').notNull(),
    /** Moves at most once a minute. */
    lastUsedAt: integer('last_used_at'),
    expiresAt: integer('expires_at').notNull(),
    revokedAt: integer('revoked_at'),
  },
  (table) => [index('api_key_user').on(table.userId)],
);
