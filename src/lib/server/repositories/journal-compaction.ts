import { and, asc, desc, eq, gte, inArray, lt, max, sql } from 'drizzle-orm';
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
 * Deletes what nobody needs any more once a run is over: its tokens, the ends of streams that another event took the
 * place of, the beginnings of steps that ended, and in the whole conversation every state that a later event shows
 * anew. Each event after deleted ones says with `covers` that it stands for them, so seqs stay without gaps; a stream
 * that was cut keeps its text in its `stream_ended`.
 */
export function compactAfterRun(tx: Statements, run: RunOf): void {
  const { conversationId } = run;
  const firstToken = firstTokenSeq(tx).get(run)?.seq ?? null;
  const firstSeq = runStart(tx).get(run)?.seq ?? firstToken ?? 0;
  const overtaken = [...overtakenStates(tx, run), ...toldByLater(tx, { conversationId, firstSeq })];
  if (firstToken === null && overtaken.length === 0) return;
  if (firstToken !== null) {
    keepTextOfCutStreams(tx, run);
    tokensDeleted(tx).run(run);
  }
  eventsDeleted(tx).run({ conversationId, seqs: JSON.stringify(overtaken) });
  const fromSeq = firstSeq - MOST_LEADING;
  const firstDeleted = overtaken.reduce((first, seq) => Math.min(first, seq), firstToken ?? Infinity);
  if (firstDeleted < fromSeq) coverGaps(tx, conversationId, { firstDeleted, fromSeq });
  rewrite(tx, conversationId, fromSeq);
}

/** What started a run is told right before its start: a message, what it answers or closes. */
const MOST_LEADING = 5;

/**
 * Writes a run's events once more, close together, each covering the gap before it: `or replace` deletes a row and puts
 * it at the table's end. Between what is left lies room that no later event would come to use.
 */
function rewrite(tx: Statements, conversationId: string, fromSeq: number): void {
  const before = seqBefore(tx).get({ conversationId, firstDeleted: fromSeq })?.seq ?? 0;
  const firstOfGap = sql`lag(seq, 1, ${before}) over (order by seq) + 1`;
  tx.run(sql`insert or replace into run_event (conversation_id, seq, covers, run_id, type, body, at)
    select conversation_id, seq, case when ${firstOfGap} < coalesce(covers, seq) then ${firstOfGap} else covers end,
      run_id, type, body, at
    from run_event where conversation_id = ${conversationId} and seq >= ${fromSeq} order by seq`);
}

/** Of each draft, of what is open for review and of the conversation itself all but the newest state. */
function overtakenStates(tx: Statements, { conversationId }: RunOf): number[] {
  const newest = new Set<string>();
  const overtaken: number[] = [];
  for (const { seq, type, draftId } of states(tx).all({ conversationId })) {
    const of = type === 'draft_saved' ? draftId : type.startsWith('review') ? 'review' : type;
    if (newest.has(of)) overtaken.push(seq);
    newest.add(of);
  }
  return overtaken;
}

/** Of one run: what its later events say as well. */
function toldByLater(tx: Statements, from: { conversationId: string; firstSeq: number }): number[] {
  const told: number[] = [];
  /** The step whose end was seen last. A beginning that is not right before its end keeps the steps in order. */
  let ended: string | null = null;
  for (const { seq, type, body: text } of progressFrom(tx).all(from)) {
    if (type === 'stream_ended') {
      const { text: kept, cut } = JSON.parse(text) as RunEventOf<'stream_ended'>['body'];
      if (kept === null && !cut) told.push(seq);
      continue;
    }
    const { stepId, state, startedAt } = JSON.parse(text) as RunEventOf<'step'>['body'];
    if (state === 'started' && stepId === ended) told.push(seq);
    ended = state !== 'started' && startedAt !== undefined ? stepId : null;
  }
  return told;
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

/** Before what is written once more. */
function coverGaps(
  tx: Statements,
  conversationId: string,
  { firstDeleted, fromSeq }: { firstDeleted: number; fromSeq: number },
): void {
  let before = seqBefore(tx).get({ conversationId, firstDeleted })?.seq ?? 0;
  for (const { seq, covers } of seqsFrom(tx).all({ conversationId, firstDeleted, fromSeq })) {
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
  for (const { body } of tokenRows(tx).all({ runId })) {
    const { streamId, channel, delta } = JSON.parse(body) as RunEventOf<'assistant_token'>['body'];
    texts.set(streamId, { channel, text: (texts.get(streamId)?.text ?? '') + delta });
  }
  return texts;
}

function endRows(tx: Statements, { runId }: RunOf) {
  return streamEnds(tx)
    .all({ runId })
    .map(({ seq, body }) => ({ seq, body: JSON.parse(body) as RunEventOf<'stream_ended'>['body'] }));
}

// The types are spelled out and no values: only then does SQLite know that the index of streams holds them all.
const ofRun = eq(runEvents.runId, sql.placeholder('runId'));
const tokensOfRun = and(ofRun, sql`${runEvents.type} = 'assistant_token'`);
const inConversation = eq(runEvents.conversationId, sql.placeholder('conversationId'));
const theEvent = and(inConversation, eq(runEvents.seq, sql.placeholder('seq')));

const tokenRows = prepared((tx) =>
  tx
    .select({ body: runEvents.body })
    .from(runEvents)
    .where(tokensOfRun)
    .orderBy(asc(runEvents.seq))
    .prepare(),
);

const streamEnds = prepared((tx) =>
  tx
    .select({ seq: runEvents.seq, body: runEvents.body })
    .from(runEvents)
    .where(and(ofRun, sql`${runEvents.type} = 'stream_ended'`))
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

const stateTypes = ['draft_saved', 'review', 'review_closed', 'conversation_changed'] as const;

/** Newest first. */
const states = prepared((tx) =>
  tx
    .select({
      seq: runEvents.seq,
      type: runEvents.type,
      draftId: sql<string>`${runEvents.body} ->> '$.draft.id'`,
    })
    .from(runEvents)
    .where(and(inConversation, inArray(runEvents.type, [...stateTypes])))
    .orderBy(desc(runEvents.seq))
    .prepare(),
);

const runStart = prepared((tx) =>
  tx
    .select({ seq: runEvents.seq })
    .from(runEvents)
    .where(and(inConversation, ofRun, eq(runEvents.type, 'run_started')))
    .orderBy(desc(runEvents.seq))
    .limit(1)
    .prepare(),
);

const sinceStart = and(inConversation, gte(runEvents.seq, sql.placeholder('firstSeq')));

/** Newest first. */
const progressFrom = prepared((tx) =>
  tx
    .select({ seq: runEvents.seq, type: runEvents.type, body: runEvents.body })
    .from(runEvents)
    .where(and(sinceStart, inArray(runEvents.type, ['step', 'stream_ended'])))
    .orderBy(desc(runEvents.seq))
    .prepare(),
);

const tokensDeleted = prepared((tx) => tx.delete(runEvents).where(tokensOfRun).prepare());

const eventsDeleted = prepared((tx) =>
  tx
    .delete(runEvents)
    .where(
      and(inConversation, sql`${runEvents.seq} in (select value from json_each(${sql.placeholder('seqs')}))`),
    )
    .prepare(),
);

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
    .where(
      and(
        inConversation,
        gte(runEvents.seq, sql.placeholder('firstDeleted')),
        lt(runEvents.seq, sql.placeholder('fromSeq')),
      ),
    )
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
