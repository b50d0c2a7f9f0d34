import { and, eq, isNull, sql, type Placeholder } from 'drizzle-orm';
import type { AppDatabase } from '../db/connection.ts';
import { apiKeys, registrationAttempts, sessions, users } from '../db/schema/index.ts';
import { prepared } from './prepared.ts';
import { inTransaction, type Statements } from './transaction.ts';

export type User = typeof users.$inferSelect;
export type NewUser = typeof users.$inferInsert;

/** What a proven Jira token tells anew about somebody who is registered. */
export type ProvenAnew = Pick<
  User,
  | 'name'
  | 'email'
  | 'avatarUrl'
  | 'avatarImage'
  | 'hashedPassword'
  | 'encryptedJiraPat'
  | 'jiraUrl'
  | 'jiraTest'
>;

/** Asked by every sign-in, those of a storm too. */
const allByEmployeeId = atMostTwo(users.employeeId);
const allByEmail = atMostTwo(users.email);
const allByName = atMostTwo(users.name);

export type UserRepository = ReturnType<typeof createUserRepository>;

/** People. Employee ids, names and addresses compare without the case of ASCII letters, as their indexes do. */
export function createUserRepository(db: AppDatabase) {
  const { orm } = db;
  return {
    async find(id: string): Promise<User | null> {
      return orm.select().from(users).where(eq(users.id, id)).get() ?? null;
    },

    async findByEmployeeId(employeeId: string): Promise<User | null> {
      return orm.select().from(users).where(isSameText(users.employeeId, employeeId)).get() ?? null;
    },

    /** Everybody whom a typed login may mean. Always three look-ups, so that the time tells nothing. */
    async findByLogin(login: string): Promise<{ byEmployeeId: User[]; byEmail: User[]; byName: User[] }> {
      return {
        byEmployeeId: allByEmployeeId(orm).all({ login }),
        byEmail: allByEmail(orm).all({ login }),
        byName: allByName(orm).all({ login }),
      };
    },

    /** Ends the attempt and stores the person, both or neither. The first of two racing requests wins. */
    async register(attemptId: string, user: NewUser): Promise<'registered' | 'attempt_over' | 'exists'> {
      return inTransaction(db, (tx) => {
        const taken = tx
          .select({ id: users.id })
          .from(users)
          .where(isSameText(users.employeeId, user.employeeId))
          .get();
        if (taken) return 'exists';
        const ended = tx.delete(registrationAttempts).where(eq(registrationAttempts.id, attemptId)).run();
        if (ended.changes === 0) return 'attempt_over';
        tx.insert(users).values(user).run();
        return 'registered';
      });
    },

    /** Ends the attempt, sets the password, revokes all keys and ends all sessions, all or nothing. Null when the attempt was over. */
    async reset(
      attemptId: string,
      userId: string,
      proven: ProvenAnew,
      now: number,
    ): Promise<{ endedSessions: string[] } | null> {
      return inTransaction(db, (tx) => {
        const ended = tx.delete(registrationAttempts).where(eq(registrationAttempts.id, attemptId)).run();
        if (ended.changes === 0) return null;
        tx.update(users)
          .set({ ...proven, jiraChangedAt: now, updatedAt: now })
          .where(eq(users.id, userId))
          .run();
        revokeKeys(tx, userId, now);
        const gone = tx
          .delete(sessions)
          .where(eq(sessions.userId, userId))
          .returning({ id: sessions.id })
          .all();
        return { endedSessions: gone.map(({ id }) => id) };
      });
    },

    /** Sets the password, revokes all keys and ends all sessions, all or nothing. Returns the ids of those that ended. */
    async changePassword(userId: string, hashedPassword: string, now: number): Promise<string[]> {
      return inTransaction(db, (tx) => {
        tx.update(users).set({ hashedPassword, updatedAt: now }).where(eq(users.id, userId)).run();
        revokeKeys(tx, userId, now);
        const gone = tx
          .delete(sessions)
          .where(eq(sessions.userId, userId))
          .returning({ id: sessions.id })
          .all();
        return gone.map(({ id }) => id);
      });
    },

    /** Puts another hash of the same password in its place; does nothing where the password was changed meanwhile. */
    async renewHash(userId: string, from: string, to: string): Promise<void> {
      orm
        .update(users)
        .set({ hashedPassword: to })
        .where(and(eq(users.id, userId), eq(users.hashedPassword, from)))
        .run();
    },

    async setRole(userId: string, role: User['role'], now: number): Promise<void> {
      orm.update(users).set({ role, updatedAt: now }).where(eq(users.id, userId)).run();
    },
  };
}

/** Whoever knew the old password may have made a key with it. */
function revokeKeys(tx: Statements, userId: string, now: number): void {
  tx.update(apiKeys)
    .set({ revokedAt: now })
    .where(and(eq(apiKeys.userId, userId), isNull(apiKeys.revokedAt)))
    .run();
}

type LoginColumn = typeof users.employeeId | typeof users.email | typeof users.name;

function atMostTwo(column: LoginColumn) {
  return prepared((statements) =>
    statements
      .select()
      .from(users)
      .where(isSameText(column, sql.placeholder('login')))
      .limit(2)
      .prepare(),
  );
}

function isSameText(column: LoginColumn, text: string | Placeholder) {
  return sql`lower(${column}) = lower(${text})`;
}
