import { and, count, eq, isNull, sql } from 'drizzle-orm';
import type { AppDatabase } from '../db/connection.ts';
import { conversations, creationIntents } from '../db/schema/index.ts';

export type FigureRepository = ReturnType<typeof createFigureRepository>;

/** A person's small figures for the dashboard. */
export function createFigureRepository({ orm }: AppDatabase) {
  const isMine = eq(conversations.userId, sql.placeholder('userId'));
  const intentsByStatus = orm
    .select({
      status: creationIntents.status,
      count: count(),
      // The agent's first version: nobody edited it or had it revised.
      unchanged: sql<number>`sum(${creationIntents.draftVersion} = 1)`,
      /** What is in a deleted conversation can no longer be settled there. */
      live: sql<number>`sum(${conversations.deletedAt} is null)`,
      /** Ids grow with time. */
      newestLive: sql<
        string | null
      >`max(case when ${conversations.deletedAt} is null then ${conversations.id} end)`,
    })
    .from(conversations)
    .innerJoin(creationIntents, eq(creationIntents.conversationId, conversations.id))
    .where(isMine)
    .groupBy(creationIntents.status)
    .prepare();
  const liveConversations = orm
    .select({ count: count() })
    .from(conversations)
    .where(and(isMine, isNull(conversations.deletedAt)))
    .prepare();

  async function of(userId: string): Promise<{
    storiesCreated: number;
    /** Of them, those that were approved as they were first drafted. */
    approvedUnchanged: number;
    conversations: number;
    unknownOutcomes: number;
    /** The newest conversation that holds one. */
    unknownIn: string | null;
  }> {
    const byStatus = intentsByStatus.all({ userId });
    const of = (status: string) => byStatus.find((row) => row.status === status);
    const live = liveConversations.get({ userId });
    return {
      storiesCreated: of('created')?.count ?? 0,
      approvedUnchanged: of('created')?.unchanged ?? 0,
      conversations: live?.count ?? 0,
      unknownOutcomes: of('unknown')?.live ?? 0,
      unknownIn: of('unknown')?.newestLive ?? null,
    };
  }

  return { of };
}
