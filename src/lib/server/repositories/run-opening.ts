import { desc, eq, sql } from 'drizzle-orm';
import type { NewRunEvent, RunEvent } from '../../contracts/run-event.ts';
import { runs } from '../db/schema/index.ts';
import { changeConversation, interruptOf, untitled, type ConversationRow } from './conversation-rows.ts';
import { appendEvents } from './journal-rows.ts';
import { prepared } from './prepared.ts';
import { toStoredRun, type StoredRun } from './run-rows.ts';
import type { Statements } from './transaction.ts';

/** Who starts which run, and when. */
export interface RunOpening {
  runId: string;
  conversationId: string;
  userId: string;
  processId: string;
  requestId: string;
  at: number;
}

export interface Started {
  outcome: 'started';
  run: StoredRun;
  events: RunEvent[];
}

/** Longest title that is taken from a first message, in characters. */
const titleMaxCharacters = 60;

/**
 * Stores a run as `running` and tells of it after the `leading` events, which say what started it. The interrupt that
 * was open is taken from the conversation: nobody else can resume it from now on.
 */
export function beginRun(
  tx: Statements,
  opening: RunOpening,
  conversation: ConversationRow,
  input: unknown,
  leading: NewRunEvent[],
): Started {
  const { runId, conversationId, userId, processId, requestId, at } = opening;
  const row = runInsert(tx).get({
    runId,
    conversationId,
    userId,
    input: JSON.stringify({ input, left: interruptOf(conversation) }),
    processId,
    at,
    requestId,
  });
  const change = changeConversation(tx, conversationId, {
    status: 'working',
    interrupt: null,
    updatedAt: at,
    ...(conversation.title === untitled ? firstTitle(leading) : {}),
  });
  const events: NewRunEvent[] = [...leading, { type: 'run_started', body: {} }, change];
  return {
    outcome: 'started',
    run: toStoredRun(row),
    events: appendEvents(tx, { conversationId, runId, events, at }),
  };
}

const runInsert = prepared((tx) =>
  tx
    .insert(runs)
    .values({
      id: sql.placeholder('runId'),
      conversationId: sql.placeholder('conversationId'),
      userId: sql.placeholder('userId'),
      status: 'running',
      input: sql.placeholder('input'),
      processId: sql.placeholder('processId'),
      heartbeatAt: sql.placeholder('at'),
      startedAt: sql.placeholder('at'),
      requestId: sql.placeholder('requestId'),
    })
    .returning()
    .prepare(),
);

/** The last run of a conversation when it came to nothing and can be taken up again. */
export function lastBrokenRun(tx: Statements, conversationId: string): StoredRun | null {
  const last = tx
    .select()
    .from(runs)
    .where(eq(runs.conversationId, conversationId))
    .orderBy(desc(runs.startedAt), desc(sql`rowid`))
    .limit(1)
    .get();
  const broken = last && ['stopped', 'failed', 'interrupted'].includes(last.status);
  return broken ? toStoredRun(last) : null;
}

/** Until the agent finds a better one, a conversation is called what was said first. */
function firstTitle(leading: NewRunEvent[]): { title?: string } {
  const said = leading.find((event) => event.type === 'message_added')?.body.text;
  if (said === undefined) return {};
  const line = said.replace(/\s+/g, ' ').trim();
  return {
    title: line.length > titleMaxCharacters ? `${line.slice(0, titleMaxCharacters - 1).trimEnd()}…` : line,
  };
}
