import { and, asc, eq, gt, isNull, sql } from 'drizzle-orm';
import type { AppDatabase } from '../db/connection.ts';
import { sessions, users } from '../db/schema/index.ts';

export type DueTokenRepository = ReturnType<typeof createDueTokenRepository>;

/** Whose Jira token is due to be tried again. */
export function createDueTokenRepository({ orm }: AppDatabase) {
  return {
    /**
     * Signed-in people whose connection passed its last test, and that before `testedBefore` (milliseconds since 1970);
     * those who wait longest first.
     */
    async due(times: { testedBefore: number; now: number }, most: number): Promise<Due[]> {
      const testedAt = sql<number>`json_extract(${users.jiraTest}, '$.testedAt')`;
      return orm
        .selectDistinct({ userId: users.id, employeeId: users.employeeId, testedAt })
        .from(sessions)
        .innerJoin(users, eq(users.id, sessions.userId))
        .where(
          and(
            // Sessions count in seconds.
            gt(sessions.expiresAt, Math.floor(times.now / 1_000)),
            isNull(users.disabledAt),
            sql`json_extract(${users.jiraTest}, '$.ok')`,
            sql`${testedAt} < ${times.testedBefore}`,
          ),
        )
        .orderBy(asc(testedAt))
        .limit(most)
        .all();
    },
  };
}

export interface Due {
  userId: string;
  employeeId: string;
  testedAt: number;
}
