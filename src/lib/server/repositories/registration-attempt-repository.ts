import { and, eq, gt, lte } from 'drizzle-orm';
import type { AppDatabase } from '../db/connection.ts';
import { registrationAttempts } from '../db/schema/index.ts';
import { inTransaction } from './transaction.ts';

export type RegistrationAttempt = typeof registrationAttempts.$inferSelect;
export type RegistrationAttemptRepository = ReturnType<typeof createRegistrationAttemptRepository>;

/** What lies between the two steps of a registration. Expired rows go whenever a new one comes. */
export function createRegistrationAttemptRepository(db: AppDatabase) {
  const { orm } = db;

  return {
    async create(attempt: RegistrationAttempt, now: number): Promise<void> {
      inTransaction(db, (tx) => {
        tx.delete(registrationAttempts).where(lte(registrationAttempts.expiresAt, now)).run();
        tx.insert(registrationAttempts).values(attempt).run();
      });
    },

    async findOpen(id: string, now: number): Promise<RegistrationAttempt | null> {
      const isOpen = and(eq(registrationAttempts.id, id), gt(registrationAttempts.expiresAt, now));
      return orm.select().from(registrationAttempts).where(isOpen).get() ?? null;
    },

    async remove(id: string): Promise<void> {
      orm.delete(registrationAttempts).where(eq(registrationAttempts.id, id)).run();
    },

    /** Also without a new attempt a token must not lie longer than promised. */
    removeExpired(now: number): void {
      orm.delete(registrationAttempts).where(lte(registrationAttempts.expiresAt, now)).run();
    },
  };
}
