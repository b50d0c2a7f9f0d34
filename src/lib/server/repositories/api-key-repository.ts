import { and, count, desc, eq, gt, isNull, lt, or } from 'drizzle-orm';
import type { AppDatabase } from '../db/connection.ts';
import { apiKeys, users } from '../db/schema/index.ts';
import { inTransaction } from './transaction.ts';
import type { User } from './user-repository.ts';

export type StoredApiKey = typeof apiKeys.$inferSelect;
export type ApiKeyRepository = ReturnType<typeof createApiKeyRepository>;

/** Personal keys by the digest of their text. A key is live while it is neither revoked nor expired. */
export function createApiKeyRepository(db: AppDatabase) {
  const { orm } = db;
  const isLive = (now: number) => and(isNull(apiKeys.revokedAt), gt(apiKeys.expiresAt, now));

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
      return findLive(eq(apiKeys.hash, hash), now);
    },

    async findById(id: string, now: number): Promise<{ key: StoredApiKey; user: User } | null> {
      return findLive(eq(apiKeys.id, id), now);
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

  function findLive(which: ReturnType<typeof eq>, now: number) {
    return (
      orm
        .select({ key: apiKeys, user: users })
        .from(apiKeys)
        .innerJoin(users, eq(users.id, apiKeys.userId))
        .where(and(which, isLive(now), isNull(users.disabledAt)))
        .get() ?? null
    );
  }
}
