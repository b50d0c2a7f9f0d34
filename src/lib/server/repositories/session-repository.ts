import { DrizzleSQLiteAdapter } from '@lucia-auth/adapter-drizzle';
import { and, desc, eq, gt, inArray, isNotNull, isNull, lte, sql } from 'drizzle-orm';
import type { Adapter } from 'lucia';
import type { AppDatabase } from '../db/connection.ts';
import { sessions, users } from '../db/schema/index.ts';
import type { User } from './user-repository.ts';

type SessionRow = typeof sessions.$inferSelect;

declare module 'lucia' {
  interface Register {
    /** All of a row but what lucia sets itself. `expiresAt` is among them, and wins over lucia's, which reads the wall clock. */
    DatabaseSessionAttributes: Omit<SessionRow, 'id' | 'userId'>;
  }
}

export interface EndedSession {
  sessionId: string;
  userId: string;
  reason: 'expired' | 'disabled';
}

export type SessionRepository = ReturnType<typeof createSessionRepository>;

/** Sessions by the digest of their secret id. Times are milliseconds since 1970, though `expires_at` is kept in seconds. */
export function createSessionRepository({ orm }: AppDatabase) {
  const findLive = orm
    .select({ session: sessions, user: users })
    .from(sessions)
    .innerJoin(users, eq(users.id, sessions.userId))
    .where(and(eq(sessions.id, sql.placeholder('id')), isNull(users.disabledAt)))
    .prepare();

  function noteSeen(userId: string, now: number): void {
    orm.update(users).set({ lastSeenAt: now }).where(eq(users.id, userId)).run();
  }

  return {
    /** lucia's own door to the table. */
    adapter: new DrizzleSQLiteAdapter(orm, sessions, users) as Adapter,

    /** The session and its person while it lives: not expired, the person not disabled. */
    async live(id: string, now: number): Promise<{ session: SessionRow; user: User } | null> {
      const found = findLive.get({ id });
      if (found === undefined || found.session.expiresAt * 1_000 <= now) return null;
      return found.session.absoluteExpiresAt <= now ? null : found;
    },

    /** Moves the expiry of a live session that was last seen before `idleSince`. Returns the row as it then is. */
    async slide(
      id: string,
      slide: { now: number; idleSince: number; expiresAt: number },
    ): Promise<SessionRow | null> {
      const isLive = and(eq(sessions.id, id), gt(sessions.expiresAt, Math.floor(slide.now / 1_000)));
      const [slid] = orm
        .update(sessions)
        .set({ expiresAt: Math.floor(slide.expiresAt / 1_000), lastSeenAt: slide.now })
        .where(and(isLive, lte(sessions.lastSeenAt, slide.idleSince)))
        .returning()
        .all();
      if (slid) noteSeen(slid.userId, slide.now);
      return slid ?? orm.select().from(sessions).where(isLive).get() ?? null;
    },

    /** Notes that a person was here, for as long as they have an account. */
    async seen(userId: string, now: number): Promise<void> {
      noteSeen(userId, now);
    },

    async listLive(userId: string, now: number): Promise<SessionRow[]> {
      const isLive = and(eq(sessions.userId, userId), gt(sessions.expiresAt, Math.floor(now / 1_000)));
      return orm.select().from(sessions).where(isLive).orderBy(desc(sessions.lastSeenAt)).all();
    },

    /** Whether there was such a session of this person. */
    async remove(userId: string, id: string): Promise<boolean> {
      return (
        orm
          .delete(sessions)
          .where(and(eq(sessions.id, id), eq(sessions.userId, userId)))
          .run().changes > 0
      );
    },

    /** Returns the ids of those that ended. */
    async removeAll(userId: string): Promise<string[]> {
      const gone = orm
        .delete(sessions)
        .where(eq(sessions.userId, userId))
        .returning({ id: sessions.id })
        .all();
      return gone.map(({ id }) => id);
    },

    /** Removes what has expired and what belongs to disabled people, and tells which those were. Writes nothing else. */
    removeOver(now: number): EndedSession[] {
      const disabled = orm.select({ id: users.id }).from(users).where(isNotNull(users.disabledAt));
      const told = { sessionId: sessions.id, userId: sessions.userId };
      const expired = orm
        .delete(sessions)
        .where(lte(sessions.expiresAt, Math.floor(now / 1_000)))
        .returning(told)
        .all();
      const shut = orm.delete(sessions).where(inArray(sessions.userId, disabled)).returning(told).all();
      return [
        ...expired.map((session) => ({ ...session, reason: 'expired' as const })),
        ...shut.map((session) => ({ ...session, reason: 'disabled' as const })),
      ];
    },
  };
}
