import { and, asc, desc, eq, gte, lt, max, sql } from 'drizzle-orm';
import type { NewRunEvent, RunEventOf, TokenChannel } from '../../contracts/run-event.ts';
import { runEvents } from '../db/schema/index.ts';
import { prepared } from './prepared.ts';
import type { Statements } from './transaction.ts';

type RunOf = Record<'conversationId' | 'runId', string>;

/**
 * Ends for the streams that a run left open, with the text that came: after a stop or a crash, what was written
 * stays. Empty when every stream was ended.
 */
export function endsOfOpenStreams(tx: Statements, run: RunOf): NewRunEvent[] {
  const ended = new Set(endRows(tx, run).map(({ body }) => body.streamId));
  const begun = streamIds(tx).all(run);
  if (begun.every(({ streamId }) => ended.has(streamId))) return [];
  return [...streamedTexts(tx, run)]
    .filter(([streamId]) => !ended.has(streamId))
    .map(([streamId, { channel, text }]) => ({
      type: 'stream_ended',
      body: { streamId, channel, text, cut: true },
    }));
}

/**
 * Deletes what nobody needs any more once a run is over: its tokens, and in the whole conversation the states of drafts
 * that a later event shows anew. Each event after deleted ones says with `covers` that it stands for them, so seqs stay
 * without gaps; a stream that was cut keeps its text in its `stream_ended`.
 */
export function compactAfterRun(tx: Statements, run: RunOf): void {
  const firstToken = firstTokenSeq(tx).get(run)?.seq ?? null;
  const overtaken = overtakenDraftSeqs(tx, run);
  if (firstToken === null && overtaken.length === 0) return;
  if (firstToken !== null) {
    keepTextOfCutStreams(tx, run);
    tokensDeleted(tx).run(run);
  }
  for (const seq of overtaken) eventDeleted(tx).run({ conversationId: run.conversationId, seq });
  coverGaps(tx, run.conversationId, Math.min(...overtaken, firstToken ?? Infinity));
}

/** Of each draft all but the newest: whoever reads the journal ends up with that one in any case. */
function overtakenDraftSeqs(tx: Statements, { conversationId }: RunOf): number[] {
  const newest = new Set<string>();
  const overtaken: number[] = [];
  for (const { seq, draftId } of draftStates(tx).all({ conversationId })) {
    if (newest.has(draftId)) overtaken.push(seq);
    newest.add(draftId);
  }
  return overtaken;
}

function keepTextOfCutStreams(tx: Statements, run: RunOf): void {
  const cut = endRows(tx, run).filter(({ body }) => body.cut && body.text === null);
  if (cut.length === 0) return;
  const texts = streamedTexts(tx, run);
  for (const { seq, body } of cut) {
    const streamed = texts.get(body.streamId);
    if (!streamed) continue;
    tx.update(runEvents)
      .set({ body: JSON.stringify({ ...body, text: streamed.text }) })
      .where(and(eq(runEvents.conversationId, run.conversationId), eq(runEvents.seq, seq)))
      .run();
  }
}

function coverGaps(tx: Statements, conversationId: string, firstDeleted: number): void {
  let before = seqBefore(tx).get({ conversationId, firstDeleted })?.seq ?? 0;
  for (const { seq, covers } of seqsFrom(tx).all({ conversationId, firstDeleted })) {
    const firstCovered = before + 1;
    if (firstCovered < (covers ?? seq)) coverSet(tx).run({ conversationId, seq, firstCovered });
    before = seq;
  }
}

function streamedTexts(
  tx: Statements,
  { runId }: RunOf,
): Map<string, { channel: TokenChannel; text: string }> {
  const texts = new Map<string, { channel: TokenChannel; text: string }>();
  for (const { body } of rowsOf(tx, runId, 'assistant_token')) {
    const { streamId, channel, delta } = body as RunEventOf<'assistant_token'>['body'];
    texts.set(streamId, { channel, text: (texts.get(streamId)?.text ?? '') + delta });
  }
  return texts;
}

function endRows(tx: Statements, { runId }: RunOf) {
  return rowsOf(tx, runId, 'stream_ended').map(({ seq, body }) => ({
    seq,
    body: body as RunEventOf<'stream_ended'>['body'],
  }));
}

function rowsOf(tx: Statements, runId: string, type: 'assistant_token' | 'stream_ended') {
  return rowsOfType(tx)
    .all({ runId, type })
    .map(({ seq, body }) => ({ seq, body: JSON.parse(body) as unknown }));
}

const tokensOfRun = and(eq(runEvents.runId, sql.placeholder('runId')), eq(runEvents.type, 'assistant_token'));
const inConversation = eq(runEvents.conversationId, sql.placeholder('conversationId'));
const theEvent = and(inConversation, eq(runEvents.seq, sql.placeholder('seq')));

const rowsOfType = prepared((tx) =>
  tx
    .select({ seq: runEvents.seq, body: runEvents.body })
    .from(runEvents)
    .where(and(eq(runEvents.runId, sql.placeholder('runId')), eq(runEvents.type, sql.placeholder('type'))))
    .orderBy(asc(runEvents.seq))
    .prepare(),
);

const streamIds = prepared((tx) =>
  tx
    .selectDistinct({ streamId: sql<string>`${runEvents.body} ->> '$.streamId'` })
    .from(runEvents)
    .where(tokensOfRun)
    .prepare(),
);

const firstTokenSeq = prepared((tx) =>
  tx
    .select({ seq: sql<number | null>`min(${runEvents.seq})` })
    .from(runEvents)
    .where(tokensOfRun)
    .prepare(),
);

const draftStates = prepared((tx) =>
  tx
    .select({ seq: runEvents.seq, draftId: sql<string>`${runEvents.body} ->> '$.draft.id'` })
    .from(runEvents)
    .where(and(inConversation, eq(runEvents.type, 'draft_saved')))
    .orderBy(desc(runEvents.seq))
    .prepare(),
);

const tokensDeleted = prepared((tx) => tx.delete(runEvents).where(tokensOfRun).prepare());

const eventDeleted = prepared((tx) => tx.delete(runEvents).where(theEvent).prepare());

const seqBefore = prepared((tx) =>
  tx
    .select({ seq: max(runEvents.seq) })
    .from(runEvents)
    .where(and(inConversation, lt(runEvents.seq, sql.placeholder('firstDeleted'))))
    .prepare(),
);

const seqsFrom = prepared((tx) =>
  tx
    .select({ seq: runEvents.seq, covers: runEvents.covers })
    .from(runEvents)
    .where(and(inConversation, gte(runEvents.seq, sql.placeholder('firstDeleted'))))
    .orderBy(asc(runEvents.seq))
    .prepare(),
);

const coverSet = prepared((tx) =>
  tx
    .update(runEvents)
    .set({ covers: sql`${sql.placeholder('firstCovered')}` })
    .where(theEvent)
    .prepare(),
);
