import { and, desc, eq, inArray, lt, ne, or, sql } from 'drizzle-orm';
import type { Problem } from '../../contracts/problem.ts';
import type { ConversationStatus, NewRunEvent, RunEnd, RunEvent } from '../../contracts/run-event.ts';
import type { AppDatabase } from '../db/connection.ts';
import { runs, storyDrafts } from '../db/schema/index.ts';
import { storeQuestions } from './clarification-rows.ts';
import {
  changeConversation,
  conversationRow,
  interruptOf,
  type StoredInterrupt,
} from './conversation-rows.ts';
import { compactAfterRun, endsOfOpenStreams } from './journal-compaction.ts';
import { appendAfterSkip, appendEvents } from './journal-rows.ts';
import { prepared } from './prepared.ts';
import { isClaimed, toStoredRun, type RunClaim, type StoredRun } from './run-rows.ts';
import { inPromisedTransaction, inTransaction, type Statements } from './transaction.ts';

/** How a run came to rest. */
export interface RunEnding {
  end: RunEnd;
  problem: Problem | null;
  /** What it waits for; null unless `end` is `waiting`. */
  interrupt: StoredInterrupt | null;
  /** Its process is gone, perhaps with the power: text that tabs were shown may be missing from the journal. */
  afterCrash?: boolean;
  at: number;
}

/** More than the pieces of text that can be under way between two writes that wait for the disk. */
const seqsOfLostText = 100_000;

export interface RunningRun extends StoredRun {
  processId: string;
  heartbeatAt: number;
}

export type RunRepository = ReturnType<typeof createRunRepository>;

export function createRunRepository(db: AppDatabase, ids: { next(): string }) {
  return {
    /** Says that these runs are alive. */
    async beat(runIds: string[], at: number): Promise<void> {
      db.orm
        .update(runs)
        .set({ heartbeatAt: at })
        .where(and(inArray(runs.id, runIds), eq(runs.status, 'running')))
        .run();
    },

    /** Runs at work that other processes drive, or whose heartbeat is older than `silentSince`. */
    async suspects(processId: string, silentSince: number): Promise<RunningRun[]> {
      return db.orm
        .select()
        .from(runs)
        .where(
          and(
            eq(runs.status, 'running'),
            or(ne(runs.processId, processId), lt(runs.heartbeatAt, silentSince)),
          ),
        )
        .orderBy(desc(runs.startedAt))
        .all()
        .map((row) => ({ ...toStoredRun(row), processId: row.processId, heartbeatAt: row.heartbeatAt }));
    },

    /**
     * Ends a run: its open streams, its status and the conversation's, the interrupt and the events that tell of it
     * are one transaction. Raises the fence, so that nothing it still writes is taken. Null when it was ended or
     * taken over before.
     */
    async end(claim: RunClaim, ending: RunEnding): Promise<RunEvent[] | null> {
      return inPromisedTransaction(db, (tx) => {
        if (!isClaimed(tx, claim)) return null;
        const { end, at, problem } = ending;
        const row = runEnded(tx).get({
          runId: claim.runId,
          end,
          at,
          problem: problem === null ? null : JSON.stringify(problem),
        });
        const { conversationId, runId } = claim;
        const interrupt = ending.interrupt ?? reviewToReopen(tx, toStoredRun(row), ending.end);
        if (interrupt?.kind === 'clarify') {
          storeQuestions(tx, { conversationId, ...interrupt }, () => ids.next());
        }
        const change = changeConversation(tx, conversationId, {
          status: statusAfter(ending.end, interrupt),
          interrupt: interrupt === null ? null : JSON.stringify(interrupt),
          updatedAt: ending.at,
        });
        const events: NewRunEvent[] = [
          ...endsOfOpenStreams(tx, claim),
          { type: 'run_ended', body: { end: ending.end, problem: ending.problem } },
          ...(interrupt === null ? [] : [openingOf(interrupt)]),
          change,
        ];
        const entry = { conversationId, runId, events, at: ending.at };
        const appended = ending.afterCrash
          ? appendAfterSkip(tx, entry, seqsOfLostText)
          : appendEvents(tx, entry);
        compactAfterRun(tx, claim);
        return appended;
      });
    },

    /**
     * Puts a draft that was changed by hand into the review, and opens one where the conversation has come to its end:
     * what Jira refused, and somebody changed, can be approved again. A run at work opens its own.
     */
    async reviewChanged(conversationId: string, draftId: string, at: number): Promise<RunEvent[]> {
      return inTransaction(db, (tx) => {
        const row = conversationRow(tx).get({ conversationId });
        const open = row && interruptOf(row);
        const isOver = row?.status === 'done' && !open;
        if (!isOver && (open?.kind !== 'review' || open.draftIds.includes(draftId))) return [];
        const interrupt: StoredInterrupt =
          open?.kind === 'review'
            ? { ...open, draftIds: [...open.draftIds, draftId] }
            : { kind: 'review', interruptId: ids.next(), draftIds: [draftId] };
        const change = changeConversation(tx, conversationId, {
          status: 'needs_review',
          interrupt: JSON.stringify(interrupt),
          updatedAt: at,
        });
        return appendEvents(tx, { conversationId, runId: null, events: [openingOf(interrupt), change], at });
      });
    },

    /** Closes the review that waits when none of its drafts is left. */
    async closeEmptyReview(conversationId: string, at: number): Promise<RunEvent[]> {
      return inTransaction(db, (tx) => {
        const row = conversationRow(tx).get({ conversationId });
        const open = row && interruptOf(row);
        if (open?.kind !== 'review' || liveDrafts(tx, conversationId, open.draftIds).length > 0) return [];
        const change = changeConversation(tx, conversationId, {
          status: 'done',
          interrupt: null,
          updatedAt: at,
        });
        const events: NewRunEvent[] = [
          { type: 'review_closed', body: { interruptId: open.interruptId } },
          change,
        ];
        return appendEvents(tx, { conversationId, runId: null, events, at });
      });
    },
  };
}

const runEnded = prepared((tx) =>
  tx
    .update(runs)
    .set({
      status: sql`${sql.placeholder('end')}`,
      endedAt: sql`${sql.placeholder('at')}`,
      problem: sql`${sql.placeholder('problem')}`,
      fence: sql`${runs.fence} + 1`,
    })
    .where(eq(runs.id, sql.placeholder('runId')))
    .returning()
    .prepare(),
);

/** A message that came to nothing leaves the stories as they were: they can be approved as before. */
function reviewToReopen(tx: Statements, run: StoredRun, end: RunEnd): StoredInterrupt | null {
  const { left, input } = run.start;
  if (end === 'waiting' || end === 'completed' || left?.kind !== 'review') return null;
  if ((input as { kind?: unknown }).kind !== 'message') return null;
  const draftIds = liveDrafts(tx, run.conversationId, left.draftIds);
  return draftIds.length === 0 ? null : { ...left, draftIds };
}

function liveDrafts(tx: Statements, conversationId: string, draftIds: string[]): string[] {
  const live = tx
    .select({ id: storyDrafts.id })
    .from(storyDrafts)
    .where(
      and(
        eq(storyDrafts.conversationId, conversationId),
        inArray(storyDrafts.id, draftIds),
        inArray(storyDrafts.status, ['proposed', 'failed']),
      ),
    )
    .all()
    .map(({ id }) => id);
  return draftIds.filter((id) => live.includes(id));
}

function openingOf(interrupt: StoredInterrupt): NewRunEvent {
  const { interruptId } = interrupt;
  return interrupt.kind === 'clarify'
    ? { type: 'clarify', body: { interruptId, questions: interrupt.questions } }
    : { type: 'review', body: { interruptId, draftIds: interrupt.draftIds } };
}

function statusAfter(end: RunEnd, interrupt: StoredInterrupt | null): ConversationStatus {
  if (end === 'waiting') return interrupt?.kind === 'clarify' ? 'needs_answer' : 'needs_review';
  return end === 'completed' ? 'done' : end;
}
