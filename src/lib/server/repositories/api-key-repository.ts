import { and, count, desc, eq, gt, isNull, lt, or, sql, type Placeholder, type SQL } from 'drizzle-orm';
import type { AppDatabase } from '../db/connection.ts';
import { apiKeys, users } from '../db/schema/index.ts';
import { prepared } from './prepared.ts';
import { inTransaction } from './transaction.ts';
import type { User } from './user-repository.ts';

export type StoredApiKey = typeof apiKeys.$inferSelect;
export type ApiKeyRepository = ReturnType<typeof createApiKeyRepository>;

/** Asked by every request that presents a key. */
const liveByHash = findLive(eq(apiKeys.hash, sql.placeholder('hash')));
/** Asked again and again while a stream of events is open. */
const liveById = findLive(eq(apiKeys.id, sql.placeholder('id')));

/** Personal keys by the digest of their text. A key is live while it is neither revoked nor expired. */
export function createApiKeyRepository(db: AppDatabase) {
  const { orm } = db;

  return {
    /** False when the person has `most` live keys already. */
    async insert(key: StoredApiKey, most: number): Promise<boolean> {
      return inTransaction(db, (tx) => {
        const mine = and(eq(apiKeys.userId, key.userId), isLive(key.createdAt));
        const live = tx.select({ count: count() }).from(apiKeys).where(mine).get()?.count ?? 0;
        if (live >= most) return false;
        tx.insert(apiKeys).values(key).run();
        return true;
      });
    },

    /** The live keys of a person, the newest first. */
    async listLive(userId: string, now: number): Promise<StoredApiKey[]> {
      return orm
        .select()
        .from(apiKeys)
        .where(and(eq(apiKeys.userId, userId), isLive(now)))
        .orderBy(desc(apiKeys.createdAt), desc(apiKeys.id))
        .all();
    },

    async findByHash(hash: string, now: number): Promise<{ key: StoredApiKey; user: User } | null> {
      return liveByHash(orm).get({ hash, now }) ?? null;
    },

    async findById(id: string, now: number): Promise<{ key: StoredApiKey; user: User } | null> {
      return liveById(orm).get({ id, now }) ?? null;
    },

    /** Notes a use, unless one was noted since `before`. */
    async touch(id: string, now: number, before: number): Promise<void> {
      const isDue = or(isNull(apiKeys.lastUsedAt), lt(apiKeys.lastUsedAt, before));
      orm
        .update(apiKeys)
        .set({ lastUsedAt: now })
        .where(and(eq(apiKeys.id, id), isDue))
        .run();
    },

    /** The key that was revoked, or null where the person has no such live key. */
    async revoke(userId: string, id: string, now: number): Promise<StoredApiKey | null> {
      const mine = and(eq(apiKeys.id, id), eq(apiKeys.userId, userId), isLive(now));
      return orm.update(apiKeys).set({ revokedAt: now }).where(mine).returning().get() ?? null;
    },
  };
}

function findLive(which: SQL) {
  return prepared((statements) =>
    statements
      .select({ key: apiKeys, user: users })
      .from(apiKeys)
      .innerJoin(users, eq(users.id, apiKeys.userId))
      .where(and(which, isLive(sql.placeholder('now')), isNull(users.disabledAt)))
      .prepare(),
  );
}

function isLive(now: number | Placeholder): SQL | undefined {
  return and(isNull(apiKeys.revokedAt), gt(apiKeys.expiresAt, now));
}
