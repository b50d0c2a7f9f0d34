import { count, inArray } from 'drizzle-orm';
import type { AppDatabase } from '../db/connection.ts';
import { keyringChecks, users } from '../db/schema/index.ts';

export type KeyringRepository = ReturnType<typeof createKeyringRepository>;

/** Which keys this database was written with. */
export function createKeyringRepository({ orm }: AppDatabase) {
  return {
    checks(): { keyId: string; check: string }[] {
      return orm.select({ keyId: keyringChecks.keyId, check: keyringChecks.check }).from(keyringChecks).all();
    },

    add(checks: { keyId: string; check: string }[], now: number): void {
      if (checks.length === 0) return;
      orm
        .insert(keyringChecks)
        .values(checks.map((check) => ({ ...check, createdAt: now })))
        .onConflictDoNothing()
        .run();
    },

    /** For keys that nothing is sealed with any more. */
    remove(keyIds: string[]): void {
      orm.delete(keyringChecks).where(inArray(keyringChecks.keyId, keyIds)).run();
    },

    hasPeople(): boolean {
      return (orm.select({ count: count() }).from(users).get()?.count ?? 0) > 0;
    },
  };
}
