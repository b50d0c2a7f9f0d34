import { and, count, desc, eq, isNotNull, isNull, lt, sql } from 'drizzle-orm';
import type { RunEvent } from '../../contracts/run-event.ts';
import type { ConversationSummary } from '../../contracts/socket-events.ts';
import type { AppDatabase } from '../db/connection.ts';
import { conversations, storyDrafts } from '../db/schema/index.ts';
import {
  changeConversation,
  conversationRow,
  ownConversation,
  untitled,
  type ConversationRow,
} from './conversation-rows.ts';
import { appendEvents } from './journal-rows.ts';
import { prepared } from './prepared.ts';
import { inHastyTransaction, inTransaction, type Statements } from './transaction.ts';

interface Whose {
  userId: string;
  conversationId: string;
}

/** How the person wants stories of this conversation written, as stored. */
interface StoredChoices {
  formatId?: string;
  promptId?: string | null;
  issueType?: string;
  epicKey?: string | null;
  /** The agent names a conversation only until its person does. */
  namedByPerson?: boolean;
}

export interface StoredConversation {
  summary: ConversationSummary;
  userId: string;
  choices: StoredChoices;
  lastSeq: number;
}

export type ConversationRepository = ReturnType<typeof createConversationRepository>;

export function createConversationRepository(db: AppDatabase) {
  return {
    async insert(row: Whose & { projectKey: string; choices: StoredChoices; at: number }): Promise<void> {
      const { conversationId: id, userId, projectKey, choices, at } = row;
      db.orm
        .insert(conversations)
        .values({
          id,
          userId,
          title: untitled,
          projectKey,
          choices: JSON.stringify(choices),
          createdAt: at,
          updatedAt: at,
        })
        .run();
    },

    async count(userId: string): Promise<number> {
      const row = db.orm
        .select({ count: count() })
        .from(conversations)
        .where(and(eq(conversations.userId, userId), isNull(conversations.deletedAt)))
        .get();
      return row?.count ?? 0;
    },

    /** Null when it is not there, was removed, or is somebody else's. */
    async find(whose: Whose): Promise<StoredConversation | null> {
      const row = ownConversation(db.orm, whose);
      return row ? { ...stored(row), summary: summaryOf(row, createdCountOf(row.id)) } : null;
    },

    /** One row of its owner's list, whoever asks; null when it was removed. */
    async summary(
      conversationId: string,
    ): Promise<{ userId: string; conversation: ConversationSummary } | null> {
      const row = conversationRow(db.orm).get({ conversationId });
      return row?.deletedAt === null
        ? { userId: row.userId, conversation: summaryOf(row, createdCountOf(row.id)) }
        : null;
    },

    /** Newest first. `search` looks into titles and messages. */
    async list(
      userId: string,
      { search, archived, limit }: { search: string | null; archived: boolean; limit: number },
    ): Promise<ConversationSummary[]> {
      if (search === null && !archived)
        return listed(db.orm)
          .all({ userId, limit })
          .map(({ row, createdCount }) => summaryOf(row, createdCount));
      return db.orm
        .select({ row: conversations, createdCount: createdCount.as('created_count') })
        .from(conversations)
        .where(
          and(
            eq(conversations.userId, userId),
            isNull(conversations.deletedAt),
            archived ? isNotNull(conversations.archivedAt) : isNull(conversations.archivedAt),
            search === null ? undefined : mentions(search),
          ),
        )
        .orderBy(desc(conversations.updatedAt), desc(conversations.id))
        .limit(limit)
        .all()
        .map(({ row, createdCount }) => summaryOf(row, createdCount));
    },

    /** Names it. `by` the agent it is refused (empty result) once its person named it. */
    async rename(
      conversationId: string,
      title: string,
      by: 'person' | 'agent',
      at: number,
    ): Promise<RunEvent[]> {
      const transaction = by === 'agent' ? inHastyTransaction : inTransaction;
      return transaction(db, (tx) => {
        const row = conversationRow(tx).get({ conversationId });
        if (!row) return [];
        const choices = JSON.parse(row.choices) as StoredChoices;
        if (by === 'agent' && choices.namedByPerson) return [];
        const change =
          by === 'person'
            ? { title, choices: JSON.stringify({ ...choices, namedByPerson: true }), updatedAt: at }
            : { title, updatedAt: at };
        const events = [changeConversation(tx, conversationId, change)];
        return appendEvents(tx, { conversationId, runId: null, events, at });
      });
    },

    /** Null when the project may no longer change, because stories have been drafted for it. */
    async choose(
      conversationId: string,
      { projectKey, ...choices }: StoredChoices & { projectKey?: string },
      at: number,
    ): Promise<RunEvent[] | null> {
      return inTransaction(db, (tx) => {
        const row = tx.select().from(conversations).where(eq(conversations.id, conversationId)).get();
        if (!row) return [];
        const changesProject = projectKey !== undefined && projectKey !== row.projectKey;
        if (changesProject && hasDrafts(tx, conversationId)) return null;
        const merged = { ...(JSON.parse(row.choices) as StoredChoices), ...choices };
        const events = [
          changeConversation(tx, conversationId, {
            choices: JSON.stringify(merged),
            ...(changesProject ? { projectKey } : {}),
            updatedAt: at,
          }),
        ];
        return appendEvents(tx, { conversationId, runId: null, events, at });
      });
    },

    async setArchived(conversationId: string, archivedAt: number | null): Promise<void> {
      db.orm.update(conversations).set({ archivedAt }).where(eq(conversations.id, conversationId)).run();
    },

    async remove(conversationId: string, at: number): Promise<void> {
      db.orm.update(conversations).set({ deletedAt: at }).where(eq(conversations.id, conversationId)).run();
    },

    /** Brings back what was removed after `since`. False when there is nothing to bring back. */
    async restore({ userId, conversationId }: Whose, since: number): Promise<boolean> {
      const restored = db.orm
        .update(conversations)
        .set({ deletedAt: null })
        .where(
          and(
            eq(conversations.id, conversationId),
            eq(conversations.userId, userId),
            sql`${conversations.deletedAt} > ${since}`,
          ),
        )
        .run();
      return restored.changes > 0;
    },

    /** Deletes for good what was removed before `until`, with all that hangs on it; returns the ids. */
    async purge(until: number): Promise<string[]> {
      return db.orm
        .delete(conversations)
        .where(and(isNotNull(conversations.deletedAt), lt(conversations.deletedAt, until)))
        .returning({ id: conversations.id })
        .all()
        .map(({ id }) => id);
    },
  };

  function createdCountOf(conversationId: string): number {
    return createdCounted(db.orm).get({ conversationId })?.count ?? 0;
  }
}

function hasDrafts(tx: Statements, conversationId: string): boolean {
  const draft = tx
    .select({ id: storyDrafts.id })
    .from(storyDrafts)
    .where(eq(storyDrafts.conversationId, conversationId))
    .limit(1)
    .get();
  return draft !== undefined;
}

const createdCount = sql<number>`(select count(*) from story_draft
  where story_draft.conversation_id = "conversation"."id" and story_draft.status = 'created')`;

const createdCounted = prepared((statements) =>
  statements
    .select({ count: count() })
    .from(storyDrafts)
    .where(
      and(
        eq(storyDrafts.conversationId, sql.placeholder('conversationId')),
        eq(storyDrafts.status, 'created'),
      ),
    )
    .prepare(),
);

/** The list as every page of the workspace and the dashboard shows it. */
const listed = prepared((statements) =>
  statements
    .select({ row: conversations, createdCount: createdCount.as('created_count') })
    .from(conversations)
    .where(
      and(
        eq(conversations.userId, sql.placeholder('userId')),
        isNull(conversations.deletedAt),
        isNull(conversations.archivedAt),
      ),
    )
    .orderBy(desc(conversations.updatedAt), desc(conversations.id))
    .limit(sql.placeholder('limit'))
    .prepare(),
);

function mentions(search: string) {
  const pattern = `%${search.replace(/[\\%_]/g, '\\$&')}%`;
  return sql`(${conversations.title} like ${pattern} escape '\\' or exists (
    select 1 from message where message.conversation_id = ${conversations.id}
    and message.withdrawn_at is null and message.text like ${pattern} escape '\\'))`;
}

function stored(row: ConversationRow): Omit<StoredConversation, 'summary'> {
  return { userId: row.userId, choices: JSON.parse(row.choices) as StoredChoices, lastSeq: row.lastSeq };
}

function summaryOf(row: ConversationRow, createdCount: number): ConversationSummary {
  const { id, title, status, projectKey, updatedAt } = row;
  return { id, title, status, projectKey, createdCount, archived: row.archivedAt !== null, updatedAt };
}
