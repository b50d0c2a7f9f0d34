import { and, asc, count, eq, gt, isNotNull, isNull, max, or, sql, type SQL } from 'drizzle-orm';
import type { AppDatabase } from '../db/connection.ts';
import { sessions, users } from '../db/schema/index.ts';
import { inTransaction } from './transaction.ts';

/** One person as administrators see them: nothing of what they work on. */
export interface DirectoryEntry {
  id: string;
  employeeId: string;
  name: string;
  email: string;
  createdAt: number;
  disabledAt: number | null;
  liveSessions: number;
  /** Of the sessions that live; null when there is none. */
  lastSeenAt: number | null;
}

export interface DirectoryFilter {
  /** A part of employee id, name or e-mail, without case; empty for everybody. */
  search: string;
  status: 'all' | 'active' | 'disabled';
}

export type PeopleDirectoryRepository = ReturnType<typeof createPeopleDirectoryRepository>;

/** Everybody who registered, for administrators. */
export function createPeopleDirectoryRepository(db: AppDatabase) {
  const { orm } = db;
  return {
    /** One page by name, and how many there are in all. */
    async page(
      filter: DirectoryFilter,
      { now, offset, limit }: { now: number; offset: number; limit: number },
    ): Promise<{ people: DirectoryEntry[]; total: number }> {
      const wanted = condition(filter);
      const isLive = and(eq(sessions.userId, users.id), gt(sessions.expiresAt, Math.floor(now / 1_000)));
      const people = orm
        .select({
          id: users.id,
          employeeId: users.employeeId,
          name: users.name,
          email: users.email,
          createdAt: users.createdAt,
          disabledAt: users.disabledAt,
          liveSessions: count(sessions.id),
          lastSeenAt: max(sessions.lastSeenAt),
        })
        .from(users)
        .leftJoin(sessions, isLive)
        .where(wanted)
        .groupBy(users.id)
        .orderBy(asc(sql`lower(${users.name})`), asc(users.id))
        .limit(limit)
        .offset(offset)
        .all();
      const total = orm.select({ total: count() }).from(users).where(wanted).get()?.total ?? 0;
      return { people, total };
    },

    async find(userId: string): Promise<{ employeeId: string; disabledAt: number | null } | null> {
      const { employeeId, disabledAt } = users;
      return orm.select({ employeeId, disabledAt }).from(users).where(eq(users.id, userId)).get() ?? null;
    },

    /** Shuts a person out and ends their sessions, both or neither. Returns the ids of the sessions that ended. */
    async disable(userId: string, now: number): Promise<string[]> {
      return inTransaction(db, (tx) => {
        tx.update(users).set({ disabledAt: now, updatedAt: now }).where(eq(users.id, userId)).run();
        const ended = tx
          .delete(sessions)
          .where(eq(sessions.userId, userId))
          .returning({ id: sessions.id })
          .all();
        return ended.map(({ id }) => id);
      });
    },

    async enable(userId: string, now: number): Promise<void> {
      orm.update(users).set({ disabledAt: null, updatedAt: now }).where(eq(users.id, userId)).run();
    },
  };
}

function condition({ search, status }: DirectoryFilter): SQL | undefined {
  return and(
    status === 'active' ? isNull(users.disabledAt) : undefined,
    status === 'disabled' ? isNotNull(users.disabledAt) : undefined,
    search === ''
      ? undefined
      : or(...[users.employeeId, users.name, users.email].map((column) => contains(column, search))),
  );
}

/** `instr` and not LIKE: what a person types has no wildcards. */
function contains(column: typeof users.employeeId | typeof users.name | typeof users.email, text: string) {
  return sql`instr(lower(${column}), lower(${text})) > 0`;
}
