import { and, asc, eq, isNull, lt, lte, ne, or, sql } from 'drizzle-orm';
import type { SQLiteUpdateSetSource } from 'drizzle-orm/sqlite-core';
import type { Problem } from '../../contracts/problem.ts';
import type { RunEvent } from '../../contracts/run-event.ts';
import type { Posting } from '../../contracts/story.ts';
import type { AppDatabase } from '../db/connection.ts';
import { creationIntents } from '../db/schema/index.ts';
import {
  isOnItsWay,
  showOnDraft,
  toIntent,
  type CreationIntent,
  type IntentStatus,
} from './creation-intent-rows.ts';
import { inTransaction } from './transaction.ts';

export type { CreationIntent, IntentStatus } from './creation-intent-rows.ts';

export interface NewIntent {
  id: string;
  approvalId: string;
  conversationId: string;
  userId: string;
  draftId: string;
  draftVersion: number;
  payload: Posting;
}

export interface IntentOutcome {
  status: IntentStatus;
  issue?: { key: string; url: string };
  problem?: Problem | null;
  nextCheckAt?: number | null;
  countCheck?: boolean;
}

export type CreationIntentRepository = ReturnType<typeof createCreationIntentRepository>;

/**
 * The creation-intent journal. Every status change is a compare-and-set that changes the card in the same transaction
 * and returns the events that show it; `null` means that somebody else was first, or that the draft went on without it.
 */
export function createCreationIntentRepository({ db, clock }: { db: AppDatabase; clock: { now(): number } }) {
  const { orm } = db;

  /**
   * Records all or none. A marker is recorded once: again for the same approval changes nothing, and a later approval
   * of the same version takes over what has certainly failed.
   */
  async function record(intents: readonly NewIntent[]): Promise<void> {
    const now = clock.now();
    inTransaction(db, (tx) => {
      for (const { payload, ...intent } of intents) {
        const approved = {
          approvalId: intent.approvalId,
          payloadHash: payload.hash,
          payload: JSON.stringify(payload),
          status: 'recorded' as const,
          problem: null,
          updatedAt: now,
        };
        tx.insert(creationIntents)
          .values({ ...intent, markerLabel: payload.markerLabel, ...approved, createdAt: now })
          .onConflictDoUpdate({
            target: creationIntents.markerLabel,
            set: approved,
            setWhere: and(
              eq(creationIntents.status, 'failed'),
              ne(creationIntents.approvalId, intent.approvalId),
            ),
          })
          .run();
      }
    });
  }

  async function byId(id: string): Promise<CreationIntent | null> {
    const row = orm.select().from(creationIntents).where(eq(creationIntents.id, id)).get();
    return row ? toIntent(row) : null;
  }

  async function byApproval(approvalId: string): Promise<CreationIntent[]> {
    const rows = orm
      .select()
      .from(creationIntents)
      .where(eq(creationIntents.approvalId, approvalId))
      .orderBy(asc(creationIntents.id))
      .all();
    return rows.map(toIntent);
  }

  /** The person's intent that became this issue. */
  async function byIssue(userId: string, issueKey: string): Promise<CreationIntent | null> {
    const row = orm
      .select()
      .from(creationIntents)
      .where(and(eq(creationIntents.userId, userId), eq(creationIntents.issueKey, issueKey)))
      .get();
    return row ? toIntent(row) : null;
  }

  /**
   * Takes the right to send, committed before the call leaves: from now on a crash leaves an unknown outcome, and
   * nobody sends this intent again by itself.
   */
  async function markSent(
    id: string,
    from: readonly IntentStatus[],
    lease: { owner: string; until: number },
  ): Promise<RunEvent[] | null> {
    const now = clock.now();
    return change(id, from, {
      status: 'sent',
      sentAt: now,
      attempts: sql`${creationIntents.attempts} + 1`,
      leaseOwner: lease.owner,
      leaseUntil: lease.until,
      problem: null,
      nextCheckAt: null,
      checks: 0,
    });
  }

  /** Writes what became of an intent, if it still is in one of the states that the writer saw. */
  async function settle(
    id: string,
    from: readonly IntentStatus[],
    outcome: IntentOutcome,
  ): Promise<RunEvent[] | null> {
    return change(id, from, {
      status: outcome.status,
      issueKey: outcome.issue?.key ?? null,
      issueUrl: outcome.issue?.url ?? null,
      problem: outcome.problem ? JSON.stringify(outcome.problem) : null,
      nextCheckAt: outcome.nextCheckAt ?? null,
      leaseOwner: null,
      leaseUntil: null,
      ...(outcome.countCheck ? { checks: sql`${creationIntents.checks} + 1` } : {}),
    });
  }

  function change(
    id: string,
    from: readonly IntentStatus[],
    set: SQLiteUpdateSetSource<typeof creationIntents>,
  ): RunEvent[] | null {
    const at = clock.now();
    return inTransaction(db, (tx) => {
      const before = tx.select().from(creationIntents).where(eq(creationIntents.id, id)).get();
      if (!before || !from.includes(before.status) || !isOnItsWay(tx, before)) return null;
      const after = tx
        .update(creationIntents)
        .set({ ...set, updatedAt: at })
        .where(eq(creationIntents.id, id))
        .returning()
        .get();
      return showOnDraft(tx, after, at);
    });
  }

  /** Takes the right to look for an unknown outcome: one checker at a time. */
  async function lease(id: string, owner: string, until: number): Promise<boolean> {
    const { changes } = orm
      .update(creationIntents)
      .set({ leaseOwner: owner, leaseUntil: until })
      .where(
        and(
          eq(creationIntents.id, id),
          eq(creationIntents.status, 'unknown'),
          or(isNull(creationIntents.leaseUntil), lt(creationIntents.leaseUntil, clock.now())),
        ),
      )
      .run();
    return changes === 1;
  }

  /** Unknown outcomes whose next check is due, oldest first. */
  async function dueForCheck(limit: number): Promise<CreationIntent[]> {
    const rows = orm
      .select()
      .from(creationIntents)
      .where(and(eq(creationIntents.status, 'unknown'), lte(creationIntents.nextCheckAt, clock.now())))
      .orderBy(asc(creationIntents.nextCheckAt))
      .limit(limit)
      .all();
    return rows.map(toIntent);
  }

  /** Intents whose sender has not answered for longer than a call takes. */
  async function abandoned(): Promise<CreationIntent[]> {
    const rows = orm
      .select()
      .from(creationIntents)
      .where(and(eq(creationIntents.status, 'sent'), lt(creationIntents.leaseUntil, clock.now())))
      .all();
    return rows.map(toIntent);
  }

  async function sentByOthers(processId: string): Promise<CreationIntent[]> {
    const rows = orm
      .select()
      .from(creationIntents)
      .where(and(eq(creationIntents.status, 'sent'), ne(creationIntents.leaseOwner, processId)))
      .all();
    return rows.map(toIntent);
  }

  return { record, byId, byApproval, byIssue, markSent, settle, lease, dueForCheck, abandoned, sentByOthers };
}
