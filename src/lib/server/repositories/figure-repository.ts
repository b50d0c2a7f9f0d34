import { and, count, eq, inArray, isNull } from 'drizzle-orm';
import type { AppDatabase } from '../db/connection.ts';
import { conversations, creationIntents } from '../db/schema/index.ts';

export type FigureRepository = ReturnType<typeof createFigureRepository>;

/** A person's small figures for the dashboard. */
export function createFigureRepository({ orm }: AppDatabase) {
  async function of(userId: string): Promise<{
    storiesCreated: number;
    draftsApproved: number;
    conversations: number;
    unknownOutcomes: number;
  }> {
    const mine = orm
      .select({ id: conversations.id })
      .from(conversations)
      .where(eq(conversations.userId, userId));
    const byStatus = orm
      .select({ status: creationIntents.status, count: count() })
      .from(creationIntents)
      .where(inArray(creationIntents.conversationId, mine))
      .groupBy(creationIntents.status)
      .all();
    const of = (status: string) => byStatus.find((row) => row.status === status)?.count ?? 0;
    const live = orm
      .select({ count: count() })
      .from(conversations)
      .where(and(eq(conversations.userId, userId), isNull(conversations.deletedAt)))
      .get();
    return {
      storiesCreated: of('created'),
      draftsApproved: byStatus.reduce((sum, row) => sum + row.count, 0),
      conversations: live?.count ?? 0,
      unknownOutcomes: of('unknown'),
    };
  }

  return { of };
}
