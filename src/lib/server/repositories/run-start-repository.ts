import { and, eq, sql } from 'drizzle-orm';
import type { ClarifyAnswer } from '../../contracts/clarification.ts';
import type { NewRunEvent, RunEvent } from '../../contracts/run-event.ts';
import type { AppDatabase } from '../db/connection.ts';
import { approvals, runs } from '../db/schema/index.ts';
import { closeInterrupt, storeAnswers } from './clarification-rows.ts';
import { interruptOf, ownConversation, type ConversationRow } from './conversation-rows.ts';
import { releaseApproved } from './creation-intent-rows.ts';
import {
  approveDrafts,
  draftsNotAsShown,
  type ApprovedDraft,
  type DraftsNotAsShown,
} from './draft-approval.ts';
import { appendEvents } from './journal-rows.ts';
import {
  knownMessage,
  oldestQueued,
  queuedCount,
  queueMessage,
  sayQueued,
  storeMessage,
  type KnownMessage,
  type NewMessage,
} from './message-rows.ts';
import { beginRun, lastBrokenRun, type RunOpening, type Started } from './run-opening.ts';
import { activeRun } from './run-rows.ts';
import { inPromisedTransaction, inTransaction, type Statements } from './transaction.ts';

export type { RunOpening } from './run-opening.ts';

type NotStarted =
  /** The conversation is not there, or not the person's. */
  | { outcome: 'missing' }
  /** A run is at work: at most one at a time. */
  | { outcome: 'busy' }
  /** The interrupt was answered or closed since it was shown. */
  | { outcome: 'overtaken' };

export type MessageOutcome =
  Started | KnownMessage | { outcome: 'missing' | 'queue_full' } | { outcome: 'queued'; events: RunEvent[] };
export type AnswersOutcome = Started | NotStarted;
export type ApprovalOutcome =
  Started | NotStarted | DraftsNotAsShown | { outcome: 'repeated'; runId: string };
export type AgainOutcome = Started | { outcome: 'missing' | 'busy' | 'nothing' };

/** Messages that may wait in one conversation. */
const queueLimit = 10;

export type RunStartRepository = ReturnType<typeof createRunStartRepository>;

/** The transactions that begin a run: what starts it and the run itself are stored together or not at all. */
export function createRunStartRepository(db: AppDatabase) {
  return {
    /** A message of a person. Queued while a run is at work or earlier messages wait. */
    async byMessage(opening: RunOpening, message: NewMessage): Promise<MessageOutcome> {
      return inPromisedTransaction(db, (tx): MessageOutcome => {
        const { conversationId, at } = opening;
        const conversation = ownConversation(tx, opening);
        if (!conversation) return { outcome: 'missing' };
        const known = knownMessage(tx, conversationId, message.messageId);
        if (known) return known;
        if (activeRun(tx, conversationId) || oldestQueued(tx, conversationId)) {
          if (queuedCount(tx, conversationId) >= queueLimit) return { outcome: 'queue_full' };
          const events = [queueMessage(tx, conversationId, message, at)];
          return { outcome: 'queued', events: appendEvents(tx, { conversationId, runId: null, events, at }) };
        }
        return beginWith(tx, opening, conversation, message, storeMessage(tx, conversationId, message, at));
      });
    },

    /** The oldest message that waits, once no run is at work. */
    async byQueuedMessage(opening: RunOpening): Promise<AgainOutcome> {
      return inPromisedTransaction(db, (tx): AgainOutcome => {
        const { conversationId, at } = opening;
        const conversation = ownConversation(tx, opening);
        if (!conversation) return { outcome: 'missing' };
        if (activeRun(tx, conversationId)) return { outcome: 'busy' };
        const message = oldestQueued(tx, conversationId);
        if (!message) return { outcome: 'nothing' };
        return beginWith(
          tx,
          opening,
          conversation,
          message,
          sayQueued(tx, conversationId, message.messageId, at),
        );
      });
    },

    /** Answers to the questions that wait. Of several at once one wins, and the others are `overtaken`. */
    async byAnswers(
      opening: RunOpening,
      { interruptId, answers: given }: { interruptId: string; answers: ClarifyAnswer[] },
    ): Promise<AnswersOutcome> {
      return inPromisedTransaction(db, (tx): AnswersOutcome => {
        const { conversationId, at } = opening;
        const conversation = ownConversation(tx, opening);
        if (!conversation) return { outcome: 'missing' };
        const open = interruptOf(conversation);
        if (open?.kind !== 'clarify' || open.interruptId !== interruptId) return { outcome: 'overtaken' };
        if (activeRun(tx, conversationId)) return { outcome: 'busy' };
        const answers = storeAnswers(
          tx,
          { conversationId, interruptId, questions: open.questions },
          given,
          at,
        );
        const input = { kind: 'answers', interruptId, answers };
        return beginRun(tx, opening, conversation, input, [
          { type: 'clarify_answered', body: { interruptId, answers } },
        ]);
      });
    },

    /** A person's yes to exactly these drafts. The same approval again is `repeated` and changes nothing. */
    async byApproval(
      opening: RunOpening,
      {
        approvalId,
        interruptId,
        drafts,
      }: { approvalId: string; interruptId: string; drafts: ApprovedDraft[] },
    ): Promise<ApprovalOutcome> {
      return inTransaction(db, (tx): ApprovalOutcome => {
        const { conversationId, userId, at } = opening;
        const conversation = ownConversation(tx, opening);
        if (!conversation) return { outcome: 'missing' };
        const repeatedRunId = runOfApproval(tx, opening, approvalId);
        if (repeatedRunId !== null) return { outcome: 'repeated', runId: repeatedRunId };
        const open = interruptOf(conversation);
        if (open?.kind !== 'review' || open.interruptId !== interruptId) return { outcome: 'overtaken' };
        if (activeRun(tx, conversationId)) return { outcome: 'busy' };
        const notAsShown = draftsNotAsShown(tx, conversationId, drafts);
        if (notAsShown) return notAsShown;
        const stored = tx
          .insert(approvals)
          .values({
            id: approvalId,
            conversationId,
            userId,
            interruptId,
            drafts: JSON.stringify(drafts),
            createdAt: at,
          })
          .onConflictDoNothing()
          .run();
        if (stored.changes === 0) return { outcome: 'overtaken' };
        const draftIds = drafts.map(({ draftId }) => draftId);
        const leading: NewRunEvent[] = [
          { type: 'approved', body: { approvalId, interruptId, draftIds } },
          { type: 'review_closed', body: { interruptId } },
          ...approveDrafts(tx, conversationId, draftIds, at),
        ];
        return beginRun(tx, opening, conversation, { kind: 'approval', interruptId, approvalId }, leading);
      });
    },

    /** The last run once more with the same input, when it was stopped, failed or interrupted. */
    async again(opening: RunOpening): Promise<AgainOutcome> {
      return inPromisedTransaction(db, (tx): AgainOutcome => {
        const { conversationId, at } = opening;
        const conversation = ownConversation(tx, opening);
        if (!conversation) return { outcome: 'missing' };
        if (activeRun(tx, conversationId)) return { outcome: 'busy' };
        const broken = lastBrokenRun(tx, conversationId);
        if (!broken) return { outcome: 'nothing' };
        const leading = closeInterrupt(tx, interruptOf(conversation), { conversationId, text: null, at });
        return beginRun(tx, opening, conversation, broken.start.input, leading);
      });
    },
  };
}

function beginWith(
  tx: Statements,
  opening: RunOpening,
  conversation: ConversationRow,
  { messageId, text, draftIds }: NewMessage,
  number: number,
): Started {
  const { conversationId, at } = opening;
  const leading: NewRunEvent[] = [
    { type: 'message_added', body: { messageId, role: 'user', text, number } },
    ...closeInterrupt(tx, interruptOf(conversation), { conversationId, text, at }),
    ...releaseApproved(tx, conversationId, at),
  ];
  return beginRun(tx, opening, conversation, { kind: 'message', messageId, text, draftIds }, leading);
}

function runOfApproval(
  tx: Statements,
  { userId, conversationId }: RunOpening,
  approvalId: string,
): string | null {
  const run = tx
    .select({ id: runs.id })
    .from(approvals)
    .innerJoin(
      runs,
      and(
        eq(runs.conversationId, approvals.conversationId),
        sql`json_extract(${runs.input}, '$.input.approvalId') = ${approvals.id}`,
      ),
    )
    .where(
      and(
        eq(approvals.id, approvalId),
        eq(approvals.userId, userId),
        eq(approvals.conversationId, conversationId),
      ),
    )
    .get();
  return run?.id ?? null;
}
