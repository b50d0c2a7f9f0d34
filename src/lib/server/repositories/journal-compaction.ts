import { and, asc, eq, gte, inArray, lt, max, sql } from 'drizzle-orm';
import type { NewRunEvent, RunEventOf, TokenChannel } from '../../contracts/run-event.ts';
import { runEvents } from '../db/schema/index.ts';
import type { Statements } from './transaction.ts';

interface RunOf {
  conversationId: string;
  runId: string;
}

/**
 * Ends for the streams that a run left open, with the text that came: after a stop or a crash, what was written
 * stays. Empty when every stream was ended.
 */
export function endsOfOpenStreams(tx: Statements, run: RunOf): NewRunEvent[] {
  const ended = new Set(endRows(tx, run).map(({ body }) => body.streamId));
  return [...streamedTexts(tx, run)]
    .filter(([streamId]) => !ended.has(streamId))
    .map(([streamId, { channel, text }]) => ({
      type: 'stream_ended',
      body: { streamId, channel, text, cut: true },
    }));
}

/**
 * Deletes the tokens of a run that is over. Each event after deleted ones says with `covers` that it stands for them,
 * so seqs stay without gaps; a stream that was cut keeps its text in its `stream_ended`.
 */
export function compactTokens(tx: Statements, run: RunOf): void {
  const ofRun = and(eq(runEvents.runId, run.runId), eq(runEvents.type, 'assistant_token'));
  const first = tx
    .select({ seq: sql<number | null>`min(${runEvents.seq})` })
    .from(runEvents)
    .where(ofRun)
    .get()?.seq;
  if (first == null) return;
  keepTextOfCutStreams(tx, run);
  tx.delete(runEvents).where(ofRun).run();
  coverGaps(tx, run.conversationId, first);
}

function keepTextOfCutStreams(tx: Statements, run: RunOf): void {
  const texts = streamedTexts(tx, run);
  for (const { seq, body } of endRows(tx, run)) {
    const streamed = texts.get(body.streamId);
    if (!body.cut || body.text !== null || !streamed) continue;
    tx.update(runEvents)
      .set({ body: JSON.stringify({ ...body, text: streamed.text }) })
      .where(and(eq(runEvents.conversationId, run.conversationId), eq(runEvents.seq, seq)))
      .run();
  }
}

function coverGaps(tx: Statements, conversationId: string, firstDeleted: number): void {
  const here = eq(runEvents.conversationId, conversationId);
  let before =
    tx
      .select({ seq: max(runEvents.seq) })
      .from(runEvents)
      .where(and(here, lt(runEvents.seq, firstDeleted)))
      .get()?.seq ?? 0;
  const later = tx
    .select({ seq: runEvents.seq, covers: runEvents.covers })
    .from(runEvents)
    .where(and(here, gte(runEvents.seq, firstDeleted)))
    .orderBy(asc(runEvents.seq))
    .all();
  for (const { seq, covers } of later) {
    const firstCovered = before + 1;
    if (firstCovered < (covers ?? seq)) {
      tx.update(runEvents)
        .set({ covers: firstCovered })
        .where(and(here, eq(runEvents.seq, seq)))
        .run();
    }
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
  return tx
    .select({ seq: runEvents.seq, body: runEvents.body })
    .from(runEvents)
    .where(and(eq(runEvents.runId, runId), inArray(runEvents.type, [type])))
    .orderBy(asc(runEvents.seq))
    .all()
    .map(({ seq, body }) => ({ seq, body: JSON.parse(body) as unknown }));
}
