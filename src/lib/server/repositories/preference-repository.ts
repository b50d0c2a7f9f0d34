import { and, count, eq, ne, sql } from 'drizzle-orm';
import type { AppDatabase } from '../db/connection.ts';
import { preferences } from '../db/schema/index.ts';
import { prepared } from './prepared.ts';
import { inTransaction } from './transaction.ts';

export type PreferenceRepository = ReturnType<typeof createPreferenceRepository>;

/** Small things that a person set, as JSON texts by key. */
export function createPreferenceRepository(db: AppDatabase) {
  const { orm } = db;

  return {
    async all(userId: string): Promise<{ key: string; value: string }[]> {
      return allOf(orm).all({ userId });
    },

    /** Whether it was stored: false when the person would have more than `most` keys. */
    async set(
      preference: { userId: string; key: string; value: string; updatedAt: number },
      most: number,
    ): Promise<boolean> {
      const { userId, key, value, updatedAt } = preference;
      return inTransaction(db, (tx) => {
        const isAnother = and(eq(preferences.userId, userId), ne(preferences.key, key));
        const others = tx.select({ count: count() }).from(preferences).where(isAnother).get()?.count ?? 0;
        if (others >= most) return false;
        tx.insert(preferences)
          .values(preference)
          .onConflictDoUpdate({ target: [preferences.userId, preferences.key], set: { value, updatedAt } })
          .run();
        return true;
      });
    },

    async remove(userId: string, key: string): Promise<void> {
      orm
        .delete(preferences)
        .where(and(eq(preferences.userId, userId), eq(preferences.key, key)))
        .run();
    },
  };
}

/** Every page asks. */
const allOf = prepared((statements) =>
  statements
    .select({ key: preferences.key, value: preferences.value })
    .from(preferences)
    .where(eq(preferences.userId, sql.placeholder('userId')))
    .prepare(),
);
