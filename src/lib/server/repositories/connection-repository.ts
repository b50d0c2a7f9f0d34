import { and, eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import { connectionTestSchema, type ConnectionKind } from '../../contracts/connection.ts';
import type { AppDatabase } from '../db/connection.ts';
import { confluenceConfigs, llmConfigs, users } from '../db/schema/index.ts';
import { prepared } from './prepared.ts';

/** A test together with the address that it was made against: a later address is untested. */
const storedTestSchema = connectionTestSchema.extend({ url: z.string() });
export type StoredTest = z.infer<typeof storedTestSchema>;

export interface StoredConnection {
  /** Null where the address is not the person's own but the configured one. */
  url: string | null;
  encryptedSecret: string | null;
  verifyTls: boolean;
  encryptedCa: string | null;
  test: StoredTest | null;
  /** When it was last saved: whoever tests it says which state they have seen. */
  changedAt: number;
}

/** Where the sealed texts of each connection lie; the vault binds them to it. */
export const sealedPlaces = {
  jira: {
    secret: { table: 'user', field: 'encrypted_jira_pat' },
    ca: { table: 'user', field: 'jira_encrypted_ca' },
  },
  confluence: {
    secret: { table: 'confluence_config', field: 'encrypted_pat' },
    ca: { table: 'confluence_config', field: 'encrypted_ca' },
  },
  llm: {
    secret: { table: 'llm_config', field: 'encrypted_credential' },
    ca: { table: 'llm_config', field: 'encrypted_ca' },
  },
} as const;

export type ConnectionRepository = ReturnType<typeof createConnectionRepository>;

/** A person's three connections, alike, though Jira's lies in their own row. */
export function createConnectionRepository({ orm }: AppDatabase) {
  return {
    async find(userId: string, kind: ConnectionKind): Promise<StoredConnection | null> {
      const row = columnsOf[kind](orm, userId);
      return row === undefined ? null : { ...row, test: parsedTest(row.test) };
    },

    /** Stores the connection as it is from now on. A person's Jira connection exists from registration on. */
    async save(
      userId: string,
      kind: ConnectionKind,
      connection: Omit<StoredConnection, 'test'>,
    ): Promise<void> {
      const { url, encryptedSecret, verifyTls, encryptedCa, changedAt } = connection;
      if (kind === 'confluence') {
        const row = { url, encryptedPat: encryptedSecret, verifyTls, encryptedCa, changedAt };
        const target = confluenceConfigs.userId;
        orm
          .insert(confluenceConfigs)
          .values({ userId, ...row })
          .onConflictDoUpdate({ target, set: row })
          .run();
        return;
      }
      if (kind === 'llm') {
        const row = { encryptedCredential: encryptedSecret, verifyTls, encryptedCa, changedAt };
        orm
          .insert(llmConfigs)
          .values({ userId, ...row })
          .onConflictDoUpdate({ target: llmConfigs.userId, set: row })
          .run();
        return;
      }
      orm
        .update(users)
        .set({
          jiraUrl: url ?? undefined,
          encryptedJiraPat: encryptedSecret ?? undefined,
          jiraVerifyTls: verifyTls,
          jiraEncryptedCa: encryptedCa,
          jiraChangedAt: changedAt,
          updatedAt: changedAt,
        })
        .where(eq(users.id, userId))
        .run();
    },

    /** Takes the secret out, with the test that it passed or failed. Address, verification and CA stay. */
    async removeSecret(userId: string, kind: ConnectionKind, changedAt: number): Promise<void> {
      removeSecretOf[kind](orm, userId, changedAt).run();
    },

    /** Makes the row of a person who never saved anything for the model; one that exists stays as it is. */
    async ensureModel(userId: string, changedAt: number): Promise<void> {
      orm.insert(llmConfigs).values({ userId, changedAt }).onConflictDoNothing().run();
    },

    /** Keeps a test of the connection as it was when read. False when it has been saved since: the test says nothing of it. */
    async keepTest(
      userId: string,
      kind: ConnectionKind,
      test: StoredTest,
      seenChangedAt: number,
    ): Promise<boolean> {
      return keepTestOf[kind](orm, userId, JSON.stringify(test), seenChangedAt).changes > 0;
    },
  };
}

type Orm = AppDatabase['orm'];

/** What stands in place of a removed Jira token: everybody once had one, so the column takes no null. */
export const noToken = '';

const columnsOf = {
  jira: (orm: Orm, userId: string) => {
    const row = jiraOf(orm).get({ userId });
    return row && { ...row, encryptedSecret: row.encryptedSecret === noToken ? null : row.encryptedSecret };
  },
  confluence: (orm: Orm, userId: string) => confluenceOf(orm).get({ userId }),
  llm: (orm: Orm, userId: string) => {
    const row = modelOf(orm).get({ userId });
    return row && { ...row, url: null, encryptedSecret: row.encryptedCredential };
  },
};

// Every page asks for all three.
const jiraOf = prepared((statements) =>
  statements
    .select({
      url: users.jiraUrl,
      encryptedSecret: users.encryptedJiraPat,
      verifyTls: users.jiraVerifyTls,
      encryptedCa: users.jiraEncryptedCa,
      test: users.jiraTest,
      changedAt: users.jiraChangedAt,
    })
    .from(users)
    .where(eq(users.id, sql.placeholder('userId')))
    .prepare(),
);
const confluenceOf = prepared((statements) =>
  statements
    .select({
      url: confluenceConfigs.url,
      encryptedSecret: confluenceConfigs.encryptedPat,
      verifyTls: confluenceConfigs.verifyTls,
      encryptedCa: confluenceConfigs.encryptedCa,
      test: confluenceConfigs.test,
      changedAt: confluenceConfigs.changedAt,
    })
    .from(confluenceConfigs)
    .where(eq(confluenceConfigs.userId, sql.placeholder('userId')))
    .prepare(),
);
const modelOf = prepared((statements) =>
  statements
    .select()
    .from(llmConfigs)
    .where(eq(llmConfigs.userId, sql.placeholder('userId')))
    .prepare(),
);

const removeSecretOf = {
  jira: (orm: Orm, userId: string, changedAt: number) =>
    orm
      .update(users)
      .set({ encryptedJiraPat: noToken, jiraTest: null, jiraChangedAt: changedAt, updatedAt: changedAt })
      .where(eq(users.id, userId)),
  confluence: (orm: Orm, userId: string, changedAt: number) =>
    orm
      .update(confluenceConfigs)
      .set({ encryptedPat: null, test: null, changedAt })
      .where(eq(confluenceConfigs.userId, userId)),
  llm: (orm: Orm, userId: string, changedAt: number) =>
    orm
      .update(llmConfigs)
      .set({ encryptedCredential: null, test: null, changedAt })
      .where(eq(llmConfigs.userId, userId)),
};

const keepTestOf = {
  jira: (orm: Orm, userId: string, test: string, seen: number) =>
    orm
      .update(users)
      .set({ jiraTest: test })
      .where(and(eq(users.id, userId), eq(users.jiraChangedAt, seen)))
      .run(),
  confluence: (orm: Orm, userId: string, test: string, seen: number) =>
    orm
      .update(confluenceConfigs)
      .set({ test })
      .where(and(eq(confluenceConfigs.userId, userId), eq(confluenceConfigs.changedAt, seen)))
      .run(),
  llm: (orm: Orm, userId: string, test: string, seen: number) =>
    orm
      .update(llmConfigs)
      .set({ test })
      .where(and(eq(llmConfigs.userId, userId), eq(llmConfigs.changedAt, seen)))
      .run(),
};

/** A test that an earlier version wrote in another shape counts as none: it is made again with one click. */
function parsedTest(text: string | null): StoredTest | null {
  if (text === null) return null;
  const known = parsedTests.get(text);
  if (known !== undefined) return known;
  const parsed = storedTestSchema.safeParse(JSON.parse(text));
  const test = parsed.success ? parsed.data : null;
  parsedTests.set(text, test);
  if (parsedTests.size > MOST_PARSED) parsedTests.delete(parsedTests.keys().next().value ?? text);
  return test;
}

/** Every call out and every page asks for the same few. */
const parsedTests = new Map<string, StoredTest | null>();
const MOST_PARSED = 1_000;
