import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { NewRunEvent, RunEvent, RunEventOf } from '../contracts/run-event.ts';
import { applyEvents, stateOf, type ConversationState } from './conversation-state.ts';
import { draftTree } from './draft-tree.ts';
import { provisionalCards } from './provisional-cards.ts';

const summary = { id: 'c1', title: 'Invoices', status: 'empty', projectKey: 'DEMO' } as const;

/** A journal from its bodies: seqs, times and the run are filled in. */
function journal(...events: NewRunEvent[]): RunEvent[] {
  const begun = new Map<string, number>();
  return events.map((event, index) => {
    const at = 1_000 + index;
    return { ...withStart(event, at), seq: index + 1, conversationId: 'c1', runId: 'r1', at } as RunEvent;
  });

  /** A step's end tells when it began. */
  function withStart(event: NewRunEvent, at: number): NewRunEvent {
    if (event.type !== 'step') return event;
    const { stepId, state } = event.body;
    if (state === 'started' && !begun.has(stepId)) begun.set(stepId, at);
    const startedAt = begun.get(stepId);
    return state === 'started' || startedAt === undefined
      ? event
      : { ...event, body: { ...event.body, startedAt } };
  }
}

const token = (streamId: string, delta: string, channel: 'message' | 'drafts' = 'message'): NewRunEvent => ({
  type: 'assistant_token',
  body: { streamId, channel, delta },
});
const streamEnded = (streamId: string, change: object = {}): NewRunEvent => ({
  type: 'stream_ended',
  body: { streamId, channel: 'message', text: null, cut: false, ...change },
});
const spoken = (messageId: string, text: string): NewRunEvent => ({
  type: 'message_added',
  body: { messageId, role: 'assistant', text, number: null },
});
const started: NewRunEvent = { type: 'run_started', body: {} };
const ended: NewRunEvent = { type: 'run_ended', body: { end: 'completed', problem: null } };
const step = (stepId: string, state: 'started' | 'done'): NewRunEvent => ({
  type: 'step',
  body: { stepId, step: 'draft', label: 'Drafting', state },
});

/** What the server does with an ended run: what a later event says as well goes, and what follows covers it. */
function compacted(events: RunEvent[]): RunEvent[] {
  const steps = events.filter(({ type }) => type === 'step') as RunEventOf<'step'>[];
  const told = new Set<RunEvent>(
    steps.filter(({ body }, index) => {
      const next = steps[index + 1]?.body;
      return body.state === 'started' && next?.stepId === body.stepId && next.startedAt !== undefined;
    }),
  );
  const texts = new Map<string, string>();
  let before = 0;
  return events.flatMap((event): RunEvent[] => {
    if (event.type === 'assistant_token') {
      texts.set(event.body.streamId, (texts.get(event.body.streamId) ?? '') + event.body.delta);
      return [];
    }
    if (told.has(event)) return [];
    if (event.type === 'stream_ended' && event.body.text === null && !event.body.cut) return [];
    const covers = before + 1 < event.seq ? { covers: before + 1 } : {};
    before = event.seq;
    if (event.type !== 'stream_ended' || !event.body.cut) return [{ ...event, ...covers }];
    const text = event.body.text ?? texts.get(event.body.streamId) ?? null;
    return [{ ...event, ...covers, body: { ...event.body, text } }];
  });
}

const anyRun = fc
  .array(
    fc.oneof(
      fc.tuple(fc.constantFrom('s1', 's2', 's3'), fc.string()).map(([id, text]) => token(id, text)),
      fc.tuple(fc.constantFrom('d1'), fc.string()).map(([id, text]) => token(id, text, 'drafts')),
      fc.constantFrom('p1', 'p2').map((id) => step(id, 'started')),
      fc.constantFrom('p1', 'p2').map((id) => step(id, 'done')),
      fc
        .constantFrom('q1', 'q2')
        .map((id): NewRunEvent => ({ type: 'message_queued', body: { messageId: id, text: id } })),
      fc
        .constantFrom('q1', 'q2')
        .map((id): NewRunEvent => ({ type: 'message_withdrawn', body: { messageId: id } })),
    ),
    { maxLength: 60 },
  )
  .chain((middle) =>
    fc.constantFrom(true, false).map((cut) => {
      const streams = [
        ...new Set(
          middle
            .flatMap((event) => (event.type === 'assistant_token' ? [event.body] : []))
            .map(({ streamId, channel }) => `${streamId} ${channel}`),
        ),
      ];
      const ends = streams.flatMap((stream): NewRunEvent[] => {
        const [streamId = '', channel] = stream.split(' ');
        const end = streamEnded(streamId, { channel, cut });
        return cut || channel === 'drafts' ? [end] : [end, spoken(streamId, `final ${streamId}`)];
      });
      return journal(started, ...middle, ...ends, ended);
    }),
  );

describe('what a page shows', () => {
  it('is the same however replayed and live batches interleave, repeat and overtake each other', () => {
    fc.assert(
      fc.property(
        anyRun,
        fc.array(fc.tuple(fc.nat(80), fc.nat(80)), { maxLength: 30 }),
        (events, batches) => {
          let state: ConversationState = stateOf(summary);
          for (const [from, length] of batches) state = applyEvents(state, events.slice(from, from + length));
          // A gap asks for what is missing; the answer ends with the journal's end.
          state = applyEvents(state, events.slice(state.lastSeq));
          expect(state).toEqual(stateOf(summary, events));
        },
      ),
      { numRuns: 500 },
    );
  });

  it('is the same from the compacted journal, wherever the tokens were left off', () => {
    fc.assert(
      fc.property(anyRun, fc.nat(80), (events, seen) => {
        const live = applyEvents(stateOf(summary), events.slice(0, seen));
        const resumed = applyEvents(
          live,
          compacted(events).filter(({ seq }) => seq > live.lastSeq),
        );
        expect(resumed).toEqual(stateOf(summary, events));
        expect(stateOf(summary, compacted(events))).toEqual(stateOf(summary, events));
      }),
      { numRuns: 500 },
    );
  });

  it('does not change by an event that does not follow on, but says so', () => {
    const [first, , third] = journal(started, step('p1', 'started'), ended);
    if (!first || !third) throw new Error('The journal is too short.');
    const state = applyEvents(stateOf(summary), [first, third]);
    expect(state).toEqual({ ...stateOf(summary, [first]), gap: true });
  });

  it('is untouched by events of another conversation', () => {
    const foreign = journal(started).map((event) => ({ ...event, conversationId: 'c2' }));
    expect(stateOf(summary, foreign)).toEqual(stateOf(summary));
  });

  it('keeps streaming text below the timeline until its message is there', () => {
    const events = journal(
      started,
      token('m1', 'Hel'),
      token('m1', 'lo'),
      streamEnded('m1'),
      spoken('m1', 'Hello'),
    );
    expect(stateOf(summary, events.slice(0, 3)).streams).toMatchObject([
      { text: 'Hello', state: 'streaming' },
    ]);
    expect(stateOf(summary, events.slice(0, 4)).streams).toMatchObject([{ text: 'Hello', state: 'ended' }]);
    const shown = stateOf(summary, events);
    expect(shown.streams).toEqual([]);
    expect(shown.timeline.filter(({ kind }) => kind === 'message')).toMatchObject([
      { text: 'Hello', cut: false },
    ]);
  });

  it('holds a question open until it is answered', () => {
    const questions = [{ id: 'A1', question: 'Which?', why: 'It matters.', suggestions: [] }];
    const events = journal(
      { type: 'clarify', body: { interruptId: 'i1', questions } },
      { type: 'clarify_answered', body: { interruptId: 'i1', answers: [{ questionId: 'A1', text: null }] } },
    );
    expect(stateOf(summary, events.slice(0, 1)).openClarification?.interruptId).toBe('i1');
    const answered = stateOf(summary, events);
    expect(answered.openClarification).toBeNull();
    expect(answered.timeline).toMatchObject([{ kind: 'clarification', answers: [{ text: null }] }]);
  });
});

describe('10,000 events', () => {
  it('become one text and the steps behind it', () => {
    const tokens = Array.from({ length: 9_000 }, (_, n) => token('m1', `${n} `));
    const steps = Array.from({ length: 998 }, (_, n) => step(`p${n % 50}`, 'done'));
    const events = journal(started, ...steps, ...tokens);
    const { streams, lastSeq } = stateOf(summary, events);
    expect(lastSeq).toBe(events.length);
    const text = Array.from({ length: 9_000 }, (_, n) => `${n} `).join('');
    expect(streams.map((stream) => stream.text)).toEqual([text]);
  });
});

describe('provisional cards', () => {
  const written =
    '{"message":"Here","stories":[{"summary":"Export PDF","description":"As a cust","acceptanceCriteria":[{"text":"A PDF","source":"M1.1"},"Sec';

  it('fill in at every cut of the text, and never fail', () => {
    for (let length = 0; length <= written.length; length++) {
      const cards = provisionalCards([
        { streamId: 'd1', channel: 'drafts', text: written.slice(0, length), state: 'streaming' },
      ]);
      expect(cards.length).toBeLessThanOrEqual(1);
    }
    expect(
      provisionalCards([{ streamId: 'd1', channel: 'drafts', text: written, state: 'cut' }]),
    ).toMatchObject([
      {
        id: 'd1-0',
        summary: 'Export PDF',
        description: 'As a cust',
        acceptanceCriteria: ['A PDF', 'Sec'],
        cut: true,
      },
    ]);
  });

  it('are none for prose', () => {
    expect(
      provisionalCards([
        { streamId: 'd1', channel: 'drafts', text: 'I cannot {do} that', state: 'streaming' },
      ]),
    ).toEqual([]);
  });
});

describe('the tree of drafts', () => {
  it('hangs split stories under their parent, in order', () => {
    const draft = (id: string, position: number, parentId: string | null) =>
      ({ id, position, parentId }) as never;
    const tree = draftTree({
      b: draft('b', 2, 'p'),
      a: draft('a', 1, 'p'),
      p: draft('p', 1, null),
      o: draft('o', 0, 'gone'),
    });
    const names = tree.map(({ draft: { id }, children }) => [id, children.map((child) => child.draft.id)]);
    expect(names).toEqual([
      ['o', []],
      ['p', ['a', 'b']],
    ]);
  });
});
