import { and, asc, eq, inArray, isNull, lt, lte, ne, or, sql } from 'drizzle-orm';
import type { Problem } from '../../contracts/problem.ts';
import type { Posting } from '../../contracts/story.ts';
import type { AppDatabase } from '../db/connection.ts';
import { creationIntents } from '../db/schema/index.ts';

export type IntentStatus = (typeof creationIntents.$inferSelect)['status'];

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
  sentAt: number | null;
  checks: number;
}

export interface NewIntent {
  id: string;
  approvalId: string;
  conversationId: string;
  userId: string;
  draftId: string;
  draftVersion: number;
  payload: Posting;
}

export type CreationIntentRepository = ReturnType<typeof createCreationIntentRepository>;

/** The creation-intent journal. Every status change is a compare-and-set: `false` means that somebody else was first. */
export function createCreationIntentRepository({ db, clock }: { db: AppDatabase; clock: { now(): number } }) {
  const { orm } = db;

  /** Records all or none. An intent whose marker exists already is left as it is: recording again is harmless. */
  async function record(intents: readonly NewIntent[]): Promise<void> {
    const now = clock.now();
    orm.transaction((tx) => {
      for (const { payload, ...intent } of intents) {
        tx.insert(creationIntents)
          .values({
            ...intent,
            markerLabel: payload.markerLabel,
            payloadHash: payload.hash,
            payload: JSON.stringify(payload),
            status: 'recorded',
            createdAt: now,
            updatedAt: now,
          })
          .onConflictDoNothing()
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

  /**
   * Takes the right to send, committed before the call leaves: from now on a crash leaves an unknown outcome, and
   * nobody sends this intent again by itself.
   */
  async function markSent(id: string, lease: { owner: string; until: number }): Promise<boolean> {
    const now = clock.now();
    const { changes } = orm
      .update(creationIntents)
      .set({
        status: 'sent',
        sentAt: now,
        attempts: sql`${creationIntents.attempts} + 1`,
        leaseOwner: lease.owner,
        leaseUntil: lease.until,
        problem: null,
        checks: 0,
        updatedAt: now,
      })
      .where(and(eq(creationIntents.id, id), eq(creationIntents.status, 'recorded')))
      .run();
    return changes === 1;
  }

  /** Writes what became of an intent, if it still is in one of the states that the writer saw. */
  async function settle(
    id: string,
    from: readonly IntentStatus[],
    outcome: {
      status: IntentStatus;
      issue?: { key: string; url: string };
      problem?: Problem | null;
      nextCheckAt?: number | null;
      countCheck?: boolean;
    },
  ): Promise<boolean> {
    const { changes } = orm
      .update(creationIntents)
      .set({
        status: outcome.status,
        issueKey: outcome.issue?.key ?? null,
        issueUrl: outcome.issue?.url ?? null,
        problem: outcome.problem ? JSON.stringify(outcome.problem) : null,
        nextCheckAt: outcome.nextCheckAt ?? null,
        leaseOwner: null,
        leaseUntil: null,
        ...(outcome.countCheck ? { checks: sql`${creationIntents.checks} + 1` } : {}),
        updatedAt: clock.now(),
      })
      .where(and(eq(creationIntents.id, id), inArray(creationIntents.status, [...from])))
      .run();
    return changes === 1;
  }

  /** Takes over what nobody is working on: one checker at a time. */
  async function lease(id: string, owner: string, until: number): Promise<boolean> {
    const { changes } = orm
      .update(creationIntents)
      .set({ leaseOwner: owner, leaseUntil: until })
      .where(
        and(
          eq(creationIntents.id, id),
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

  /** Intents that were sent by a process that is gone: their outcome is unknown. */
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

  return { record, byId, byApproval, markSent, settle, lease, dueForCheck, abandoned, sentByOthers };
}

function toIntent(row: typeof creationIntents.$inferSelect): CreationIntent {
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
    sentAt: row.sentAt,
    checks: row.checks,
  };
}
