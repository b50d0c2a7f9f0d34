import { and, asc, eq, isNull, lt, lte, ne, or, sql } from 'drizzle-orm';
import type { RunEvent, UndoState } from '../../contracts/run-event.ts';
import type { AppDatabase } from '../db/connection.ts';
import { creationIntents, creationUndos } from '../db/schema/index.ts';
import { changeDraft } from './draft-rows.ts';
import { appendEvents } from './journal-rows.ts';
import { inTransaction, type Statements } from './transaction.ts';

/** One issue of a launch that is taken back. */
export interface CreationUndo {
  intentId: string;
  approvalId: string;
  conversationId: string;
  userId: string;
  draftId: string;
  issueKey: string;
  issueUrl: string;
  markerLabel: string;
  state: UndoState;
  closing: boolean;
  attempts: number;
  requestId: string;
}

export type UndoRepository = ReturnType<typeof createUndoRepository>;

/** Which launches are being undone, issue by issue. Every change appends the `launch_undo` event in its transaction. */
export function createUndoRepository({ db, clock }: { db: AppDatabase; clock: { now(): number } }) {
  const { orm } = db;

  /** Records every created issue of an approval that is not taken back yet. Empty when there is none. */
  async function begin(approvalId: string, requestId: string): Promise<RunEvent[]> {
    const now = clock.now();
    return inTransaction(db, (tx) => {
      const created = tx
        .select()
        .from(creationIntents)
        .where(and(eq(creationIntents.approvalId, approvalId), eq(creationIntents.status, 'created')))
        .all();
      let conversationId: string | null = null;
      for (const { id, conversationId: ofIntent, userId, draftId, issueKey, issueUrl } of created) {
        if (issueKey === null || issueUrl === null) continue;
        const again = { state: 'waiting', reason: null, attempts: 0, nextTryAt: now, requestId } as const;
        const { changes } = tx
          .insert(creationUndos)
          .values({
            intentId: id,
            approvalId,
            conversationId: ofIntent,
            userId,
            draftId,
            issueKey,
            issueUrl,
            createdAt: now,
            updatedAt: now,
            ...again,
          })
          .onConflictDoUpdate({
            target: creationUndos.intentId,
            set: { ...again, updatedAt: now },
            // What is gone stays gone; what was kept or failed is looked at anew.
            setWhere: sql`${creationUndos.state} in ('kept', 'failed')`,
          })
          .run();
        if (changes > 0) conversationId = ofIntent;
      }
      return conversationId === null ? [] : told(tx, { approvalId, conversationId }, now);
    });
  }

  /** What waits and is due, and nobody works on. */
  async function due(limit: number): Promise<CreationUndo[]> {
    const now = clock.now();
    return orm
      .select({ undo: creationUndos, markerLabel: creationIntents.markerLabel })
      .from(creationUndos)
      .innerJoin(creationIntents, eq(creationIntents.id, creationUndos.intentId))
      .where(and(eq(creationUndos.state, 'waiting'), lte(creationUndos.nextTryAt, now), isFree(now)))
      .orderBy(asc(creationUndos.nextTryAt), asc(creationUndos.intentId))
      .limit(limit)
      .all()
      .map(({ undo, markerLabel }) => ({ ...undo, markerLabel }));
  }

  /** Takes the right to work on one; false when somebody else has it, or it is done. */
  async function lease(intentId: string, owner: string, until: number): Promise<boolean> {
    const { changes } = orm
      .update(creationUndos)
      .set({ leaseOwner: owner, leaseUntil: until })
      .where(
        and(eq(creationUndos.intentId, intentId), eq(creationUndos.state, 'waiting'), isFree(clock.now())),
      )
      .run();
    return changes === 1;
  }

  async function markClosing(intentId: string): Promise<void> {
    orm.update(creationUndos).set({ closing: true }).where(eq(creationUndos.intentId, intentId)).run();
  }

  /** Writes what became of one; its card changes in the same transaction. */
  async function settle(
    { intentId, approvalId, conversationId, draftId }: CreationUndo,
    outcome: { state: UndoState; reason: string | null; nextTryAt?: number },
  ): Promise<RunEvent[]> {
    const now = clock.now();
    return inTransaction(db, (tx) => {
      tx.update(creationUndos)
        .set({
          state: outcome.state,
          reason: outcome.reason,
          nextTryAt: outcome.nextTryAt ?? now,
          attempts: sql`${creationUndos.attempts} + 1`,
          leaseOwner: null,
          leaseUntil: null,
          updatedAt: now,
        })
        .where(eq(creationUndos.intentId, intentId))
        .run();
      const isBack = ['deleted', 'closed', 'labelled'].includes(outcome.state);
      const card = isBack ? changeDraft(tx, draftId, { status: 'undone', problem: null }, now) : [];
      return [...card, ...told(tx, { approvalId, conversationId }, now)];
    });
  }

  /** At start: what a dead process was working on is free at once. Repeating any step of it is harmless. */
  async function releaseOthers(processId: string): Promise<void> {
    orm
      .update(creationUndos)
      .set({ leaseOwner: null, leaseUntil: null })
      .where(and(eq(creationUndos.state, 'waiting'), ne(creationUndos.leaseOwner, processId)))
      .run();
  }

  return { begin, due, lease, markClosing, settle, releaseOthers };
}

function isFree(now: number) {
  return or(isNull(creationUndos.leaseUntil), lt(creationUndos.leaseUntil, now));
}

function told(
  tx: Statements,
  { approvalId, conversationId }: { approvalId: string; conversationId: string },
  at: number,
): RunEvent[] {
  const issues = tx
    .select()
    .from(creationUndos)
    .where(eq(creationUndos.approvalId, approvalId))
    .orderBy(asc(creationUndos.intentId))
    .all()
    .map(({ draftId, issueKey: key, issueUrl: url, state, reason }) => ({
      draftId,
      key,
      url,
      state,
      reason,
    }));
  const event = { type: 'launch_undo' as const, body: { approvalId, issues } };
  return appendEvents(tx, { conversationId, runId: null, events: [event], at });
}
