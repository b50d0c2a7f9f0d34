import { and, eq, sql } from 'drizzle-orm';
import type { Problem } from '../../contracts/problem.ts';
import type { NewRunEvent, RunEvent } from '../../contracts/run-event.ts';
import type { DraftStatus, Posting } from '../../contracts/story.ts';
import { creationIntents, storyDrafts } from '../db/schema/index.ts';
import { changeDraft, draftEvents, draftsWhere } from './draft-rows.ts';
import { prepared } from './prepared.ts';
import type { Statements } from './transaction.ts';

export type IntentRow = typeof creationIntents.$inferSelect;
export type IntentStatus = IntentRow['status'];

/** The record that one story is to become one issue. */
export interface CreationIntent {
  id: string;
  approvalId: string;
  conversationId: string;
  userId: string;
  draftId: string;
  draftVersion: number;
  markerLabel: string;
  payload: Posting;
  status: IntentStatus;
  attempts: number;
  issue: { key: string; url: string } | null;
  problem: Problem | null;
  /** The process that sends it or looks for it. */
  leaseOwner: string | null;
  sentAt: number | null;
  checks: number;
}

export function toIntent(row: IntentRow): CreationIntent {
  return {
    id: row.id,
    approvalId: row.approvalId,
    conversationId: row.conversationId,
    userId: row.userId,
    draftId: row.draftId,
    draftVersion: row.draftVersion,
    markerLabel: row.markerLabel,
    payload: JSON.parse(row.payload) as Posting,
    status: row.status,
    attempts: row.attempts,
    issue: row.issueKey && row.issueUrl ? { key: row.issueKey, url: row.issueUrl } : null,
    problem: row.problem ? (JSON.parse(row.problem) as Problem) : null,
    leaseOwner: row.leaseOwner,
    sentAt: row.sentAt,
    checks: row.checks,
  };
}

/** How a card shows an intent of each status. */
const shownAs: Record<IntentStatus, DraftStatus> = {
  recorded: 'approved',
  sent: 'sending',
  created: 'created',
  failed: 'failed',
  unknown: 'unknown',
  cancelled: 'failed',
};

/** Statuses in which a draft speaks of its intent. In every other one the person or the agent went on without it. */
const underway: readonly DraftStatus[] = ['approved', 'sending', 'failed', 'unknown'];

/** Whether the card still shows what the intent is about: the same version, on its way. */
export function isOnItsWay(tx: Statements, { draftId, draftVersion }: IntentRow): boolean {
  const draft = tx.select().from(storyDrafts).where(eq(storyDrafts.id, draftId)).get();
  return draft !== undefined && draft.version === draftVersion && underway.includes(draft.status);
}

/** Brings the card in line with its intent, in the transaction that changed it. Empty when it showed that already. */
export function showOnDraft(tx: Statements, intent: IntentRow, at: number): RunEvent[] {
  const { draftId, id: intentId, status, issueKey, issueUrl, problem } = intent;
  const draft = tx.select().from(storyDrafts).where(eq(storyDrafts.id, draftId)).get();
  const shown = { status: shownAs[status], intentId, issueKey, issueUrl, problem };
  const isShown =
    draft !== undefined &&
    (Object.keys(shown) as (keyof typeof shown)[]).every((key) => draft[key] === shown[key]);
  return isShown ? [] : changeDraft(tx, draftId, shown, at);
}

/**
 * Hands approved stories that were never sent back to the review, since their person went on without them. Nothing of
 * them is in Jira, and nobody can send them any more.
 */
export function releaseApproved(tx: Statements, conversationId: string, at: number): NewRunEvent[] {
  // Every message asks, and hardly ever is there one.
  if (!recordedIntent(tx).get({ conversationId }) && !approvedDraft(tx).get({ conversationId })) return [];
  tx.update(creationIntents)
    .set({ status: 'failed', problem: JSON.stringify(withdrawn), updatedAt: at })
    .where(and(eq(creationIntents.conversationId, conversationId), eq(creationIntents.status, 'recorded')))
    .run();
  const approved = and(eq(storyDrafts.conversationId, conversationId), eq(storyDrafts.status, 'approved'));
  const released = draftsWhere(tx, approved).map(({ draft }) => ({ ...draft, status: 'proposed' as const }));
  tx.update(storyDrafts).set({ status: 'proposed', updatedAt: at }).where(approved).run();
  return draftEvents(released);
}

const recordedIntent = prepared((tx) =>
  tx
    .select({ id: creationIntents.id })
    .from(creationIntents)
    .where(
      and(
        eq(creationIntents.conversationId, sql.placeholder('conversationId')),
        eq(creationIntents.status, 'recorded'),
      ),
    )
    .limit(1)
    .prepare(),
);

const approvedDraft = prepared((tx) =>
  tx
    .select({ id: storyDrafts.id })
    .from(storyDrafts)
    .where(
      and(
        eq(storyDrafts.conversationId, sql.placeholder('conversationId')),
        eq(storyDrafts.status, 'approved'),
      ),
    )
    .limit(1)
    .prepare(),
);

const withdrawn: Problem = {
  code: 'creation_withdrawn',
  message: 'This story was approved, but you went on before it was sent. Nothing of it is in Jira.',
  hint: 'Approve it again.',
  retryable: false,
};
