import { and, count, eq, notInArray, sql } from 'drizzle-orm';
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

    /** Whether all of them were stored: none, and false, when the person would have more than `most` keys. */
    async setAll(
      userId: string,
      texts: readonly { key: string; value: string }[],
      { updatedAt, most }: { updatedAt: number; most: number },
    ): Promise<boolean> {
      return inTransaction(db, (tx) => {
        const isAnother = and(
          eq(preferences.userId, userId),
          notInArray(
            preferences.key,
            texts.map(({ key }) => key),
          ),
        );
        const others = tx.select({ count: count() }).from(preferences).where(isAnother).get()?.count ?? 0;
        if (others + texts.length > most) return false;
        for (const { key, value } of texts) {
          tx.insert(preferences)
            .values({ userId, key, value, updatedAt })
            .onConflictDoUpdate({ target: [preferences.userId, preferences.key], set: { value, updatedAt } })
            .run();
        }
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
