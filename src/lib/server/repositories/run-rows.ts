import { and, eq, sql } from 'drizzle-orm';
import { runs } from '../db/schema/index.ts';
import type { StoredInterrupt } from './conversation-rows.ts';
import { prepared } from './prepared.ts';
import type { Statements } from './transaction.ts';

/** Which owner writes: a run that was taken over since has another fence, and its former owner's writes are refused. */
export interface RunClaim {
  runId: string;
  conversationId: string;
  fence: number;
}

/** What a run was started with, as its row keeps it. `input` is the agent's, of no concern to the database. */
export interface RunStart {
  input: unknown;
  /** The interrupt that this run resumed, to be opened again when the run comes to nothing. */
  left: StoredInterrupt | null;
}

export interface StoredRun extends RunClaim {
  userId: string;
  start: RunStart;
  requestId: string | null;
  startedAt: number;
}

export function activeRun(tx: Statements, conversationId: string): StoredRun | null {
  const row = activeRow(tx).get({ conversationId });
  return row ? toStoredRun(row) : null;
}

const activeRow = prepared((tx) =>
  tx
    .select()
    .from(runs)
    .where(and(eq(runs.conversationId, sql.placeholder('conversationId')), eq(runs.status, 'running')))
    .prepare(),
);

/** Whether the run is still at work and still this owner's. */
export function isClaimed(tx: Statements, { runId, conversationId, fence }: RunClaim): boolean {
  return claimedRun(tx).get({ runId, conversationId, fence }) !== undefined;
}

const claimedRun = prepared((tx) =>
  tx
    .select({ id: runs.id })
    .from(runs)
    .where(
      and(
        eq(runs.id, sql.placeholder('runId')),
        eq(runs.conversationId, sql.placeholder('conversationId')),
        eq(runs.fence, sql.placeholder('fence')),
        eq(runs.status, 'running'),
      ),
    )
    .prepare(),
);

export function toStoredRun(row: typeof runs.$inferSelect): StoredRun {
  const { id, conversationId, userId, fence, input, requestId, startedAt } = row;
  return {
    runId: id,
    conversationId,
    userId,
    fence,
    start: JSON.parse(input) as RunStart,
    requestId,
    startedAt,
  };
}
