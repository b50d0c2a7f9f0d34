import { sql } from 'drizzle-orm';
import { index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';

/** A person, proven by a Jira token at registration. */
export const users = sqliteTable(
  'user',
  {
    id: text('id').primaryKey(),
    /** Jira's `name`: what identity checks compare, without case. */
    employeeId: text('employee_id').notNull(),
    /** The full name as Jira has it. */
    name: text('name').notNull(),
    email: text('email').notNull(),
    displayName: text('display_name').notNull(),
    hashedPassword: text('hashed_password').notNull(),
    encryptedJiraPat: text('encrypted_jira_pat').notNull(),
    jiraUrl: text('jira_url').notNull(),
    /** Where Jira has the avatar; pages show the copy in `avatar_image`. */
    avatarUrl: text('avatar_url'),
    avatarImage: text('avatar_image'),
    role: text('role', { enum: ['user', 'administrator'] })
      .notNull()
      .default('user'),
    disabledAt: integer('disabled_at'),
    jiraVerifyTls: integer('jira_verify_tls', { mode: 'boolean' }).notNull().default(true),
    jiraEncryptedCa: text('jira_encrypted_ca'),
    /** JSON of a ConnectionTest. */
    jiraTest: text('jira_test'),
    jiraChangedAt: integer('jira_changed_at').notNull(),
    createdAt: integer('created_at').notNull(),
    updatedAt: integer('updated_at').notNull(),
    /** Also after their sessions are gone; null for whoever was not seen since this is kept. */
    lastSeenAt: integer('last_seen_at'),
  },
  (table) => [
    uniqueIndex('user_employee_id').on(sql`lower(${table.employeeId})`),
    index('user_email').on(sql`lower(${table.email})`),
    index('user_name').on(sql`lower(${table.name})`),
    // Asked every second: whose sessions are to end.
    index('user_disabled')
      .on(table.disabledAt)
      .where(sql`${table.disabledAt} is not null`),
  ],
);

/** A signed-in browser. The id is the SHA-256 of the JWT's `jti`, hex: a copy of this table signs nobody in. */
export const sessions = sqliteTable(
  'session',
  {
    id: text('id').primaryKey(),
    userId: text('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    /** Seconds since 1970, as lucia keeps it; slides with activity. */
    expiresAt: integer('expires_at').notNull(),
    /** Milliseconds since 1970: no activity extends a session beyond it. */
    absoluteExpiresAt: integer('absolute_expires_at').notNull(),
    createdAt: integer('created_at').notNull(),
    lastSeenAt: integer('last_seen_at').notNull(),
    userAgent: text('user_agent'),
    address: text('address'),
  },
  (table) => [index('session_user').on(table.userId), index('session_expires').on(table.expiresAt)],
);

/** Between the two steps of registration, or of a forgotten password: ten minutes' life. */
export const registrationAttempts = sqliteTable(
  'registration_attempt',
  {
    /** SHA-256 of the cookie's value, hex. */
    id: text('id').primaryKey(),
    encryptedJiraPat: text('encrypted_jira_pat').notNull(),
    /** JSON: who Jira says it is. */
    person: text('person').notNull(),
    purpose: text('purpose', { enum: ['register', 'reset'] }).notNull(),
    expiresAt: integer('expires_at').notNull(),
  },
  (table) => [index('registration_attempt_expires').on(table.expiresAt)],
);

/** One row a person: their credential for the model. */
export const llmConfigs = sqliteTable('llm_config', {
  userId: text('user_id')
    .primaryKey()
    .references(() => users.id, { onDelete: 'cascade' }),
  encryptedCredential: text('encrypted_credential'),
  verifyTls: integer('verify_tls', { mode: 'boolean' }).notNull().default(true),
  encryptedCa: text('encrypted_ca'),
  test: text('test'),
  changedAt: integer('changed_at').notNull(),
});

export const confluenceConfigs = sqliteTable('confluence_config', {
  userId: text('user_id')
    .primaryKey()
    .references(() => users.id, { onDelete: 'cascade' }),
  url: text('url'),
  encryptedPat: text('encrypted_pat'),
  verifyTls: integer('verify_tls', { mode: 'boolean' }).notNull().default(true),
  encryptedCa: text('encrypted_ca'),
  test: text('test'),
  changedAt: integer('changed_at').notNull(),
});

/** Small things that a person set: navigation width, theme, rule settings. `value` is JSON. */
export const preferences = sqliteTable(
  'preference',
  {
    userId: text('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    key: text('key').notNull(),
    value: text('value').notNull(),
    updatedAt: integer('updated_at').notNull(),
  },
  (table) => [uniqueIndex('preference_key').on(table.userId, table.key)],
);

/**
 * Append-only: who did what, when; no secrets. `hash` chains each row to the one before. Only the name of somebody whose
 * account was deleted is taken out afterwards.
 */
export const auditEvents = sqliteTable(
  'audit_event',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    at: integer('at').notNull(),
    userId: text('user_id'),
    employeeId: text('employee_id'),
    action: text('action').notNull(),
    outcome: text('outcome', { enum: ['ok', 'refused', 'failed', 'unknown'] }).notNull(),
    /** JSON object of small facts. */
    detail: text('detail').notNull(),
    requestId: text('request_id'),
    hash: text('hash').notNull(),
    /** Where a name was taken out: seals what stands here now, while `hash` goes on chaining what stood here before. */
    redactedSeal: text('redacted_seal'),
  },
  (table) => [
    index('audit_at').on(table.at),
    index('audit_user').on(table.userId, table.at),
    index('audit_action').on(table.action, table.at),
  ],
);
