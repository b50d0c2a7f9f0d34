import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/**
 * Which keys this database was written with: one row a key, and one for the pepper. `check` is derived one-way from
 * the key, so that a wrong keyring is found at start and not at the first failing row.
 */
export const keyringChecks = sqliteTable('keyring_check', {
  keyId: text('key_id').primaryKey(),
  check: text('check').notNull(),
  createdAt: integer('created_at').notNull(),
});
