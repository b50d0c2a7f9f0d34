import type { RunEvent, RunEventOf } from '../contracts/run-event.ts';
import type { ConversationSummary } from '../contracts/socket-events.ts';
import type { ConversationState, StepView, StreamView, TimelineEntry } from './conversation-view.ts';

export type * from './conversation-view.ts';

/** What an opened conversation shows; `events` are its journal from the start. */
export function stateOf(
  summary: Pick<ConversationSummary, 'id' | 'title' | 'status' | 'projectKey'>,
  events: readonly RunEvent[] = [],
): ConversationState {
  const empty: ConversationState = {
    conversationId: summary.id,
    title: summary.title,
    status: summary.status,
    projectKey: summary.projectKey,
    timeline: [],
    streams: [],
    queued: [],
    drafts: {},
    undos: {},
    openClarification: null,
    openReview: null,
    running: null,
    lastEnd: null,
    lastSeq: 0,
    gap: false,
  };
  return applyEvents(empty, events);
}

export function applyEvents(state: ConversationState, events: readonly RunEvent[]): ConversationState {
  return events.reduce(applyEvent, state);
}

/**
 * What the page shows after one more event. An event that was seen already changes nothing; one that does not
 * follow on sets `gap` and changes nothing else, so the order in which batches arrive cannot matter.
 */
export function applyEvent(state: ConversationState, event: RunEvent): ConversationState {
  if (event.conversationId !== state.conversationId || event.seq <= state.lastSeq) return state;
  if ((event.covers ?? event.seq) > state.lastSeq + 1) return state.gap ? state : { ...state, gap: true };
  return { ...state, ...changes(state, event), lastSeq: event.seq, gap: false };
}

function changes(state: ConversationState, event: RunEvent): Partial<ConversationState> {
  switch (event.type) {
    case 'message_added':
      return messageAdded(state, event);
    case 'message_queued':
      return { queued: [...state.queued, event.body] };
    case 'message_withdrawn':
      return { queued: state.queued.filter((message) => message.messageId !== event.body.messageId) };
    case 'source_added':
      return {
        timeline: [
          ...state.timeline,
          { kind: 'source', id: event.body.sourceId, source: event.body, at: event.at },
        ],
      };
    case 'run_started':
      return runStarted(state, event);
    case 'step':
      return { timeline: withStep(state.timeline, event) };
    case 'assistant_token':
      return { streams: withToken(state.streams, event) };
    case 'stream_ended':
      return streamEnded(state, event);
    case 'clarify':
      return {
        openClarification: event.body,
        timeline: [
          ...state.timeline,
          { kind: 'clarification', id: event.body.interruptId, ...event.body, answers: null, at: event.at },
        ],
      };
    case 'clarify_answered':
      return { openClarification: null, timeline: withAnswers(state.timeline, event) };
    case 'draft_saved':
      return draftSaved(state, event);
    case 'draft_discarded':
      return { drafts: without(state.drafts, event.body.draftId) };
    case 'review':
      return { openReview: event.body };
    case 'review_closed':
      return { openReview: null };
    case 'approved':
      return {
        openReview: null,
        timeline: [
          ...state.timeline,
          {
            kind: 'approval',
            id: event.body.approvalId,
            approvalId: event.body.approvalId,
            draftIds: event.body.draftIds,
            at: event.at,
          },
        ],
      };
    case 'launch_undo':
      return { undos: { ...state.undos, [event.body.approvalId]: event.body.issues } };
    case 'run_ended':
      return runEnded(state, event);
    case 'conversation_changed':
      return event.body;
  }
}

function messageAdded(
  state: ConversationState,
  { body, at }: RunEventOf<'message_added'>,
): Partial<ConversationState> {
  const { messageId, role, text, number } = body;
  return {
    timeline: [
      ...state.timeline.filter((entry) => entry.kind !== 'message' || entry.id !== messageId),
      { kind: 'message', id: messageId, role, text, number, cut: false, at },
    ],
    streams: state.streams.filter((stream) => stream.streamId !== messageId),
    queued: state.queued.filter((message) => message.messageId !== messageId),
  };
}

function runStarted(state: ConversationState, event: RunEventOf<'run_started'>): Partial<ConversationState> {
  const runId = event.runId ?? '';
  return {
    running: { runId, startedAt: event.at },
    // What an earlier run left midway has been seen; the new run tells its own.
    streams: [],
    timeline: [
      ...state.timeline,
      {
        kind: 'work',
        id: runId,
        runId,
        steps: [],
        startedAt: event.at,
        endedAt: null,
        end: null,
        problem: null,
      },
    ],
  };
}

function runEnded(state: ConversationState, event: RunEventOf<'run_ended'>): Partial<ConversationState> {
  return {
    running: null,
    lastEnd: event.body,
    streams: state.streams.filter((stream) => stream.state === 'cut'),
    timeline: state.timeline.map((entry) =>
      entry.kind === 'work' && entry.runId === event.runId
        ? { ...entry, endedAt: event.at, end: event.body.end, problem: event.body.problem }
        : entry,
    ),
  };
}

function withStep(timeline: TimelineEntry[], event: RunEventOf<'step'>): TimelineEntry[] {
  return timeline.map((entry) => {
    if (entry.kind !== 'work' || entry.runId !== event.runId) return entry;
    const before = entry.steps.find((step) => step.stepId === event.body.stepId);
    const step: StepView = {
      ...event.body,
      // The end's own word first: once the journal is compacted it is the only one, and all tabs are to show the same.
      startedAt: event.body.startedAt ?? before?.startedAt ?? event.at,
      endedAt: event.body.state === 'started' ? null : event.at,
    };
    const steps = before
      ? entry.steps.map((other) => (other === before ? step : other))
      : [...entry.steps, step];
    return { ...entry, steps };
  });
}

function withToken(
  streams: StreamView[],
  { body: { streamId, channel, delta } }: RunEventOf<'assistant_token'>,
): StreamView[] {
  if (streams.some((stream) => stream.streamId === streamId)) {
    return streams.map((stream) =>
      stream.streamId === streamId ? { ...stream, text: stream.text + delta } : stream,
    );
  }
  // A new set of drafts takes the place of one that was cut.
  const kept = channel === 'drafts' ? streams.filter((stream) => stream.state !== 'cut') : streams;
  return [...kept, { streamId, channel, text: delta, state: 'streaming' }];
}

function streamEnded(
  state: ConversationState,
  { body: { streamId, channel, text, cut }, at }: RunEventOf<'stream_ended'>,
): Partial<ConversationState> {
  const stream = state.streams.find((other) => other.streamId === streamId);
  const others = state.streams.filter((other) => other !== stream);
  const full = text ?? stream?.text ?? '';
  if (channel === 'message' && (cut || text !== null)) {
    if (full === '') return { streams: others };
    return {
      streams: others,
      timeline: [
        ...state.timeline,
        { kind: 'message', id: streamId, role: 'assistant', text: full, number: null, cut, at },
      ],
    };
  }
  if (cut) return { streams: [...others, { streamId, channel, text: full, state: 'cut' }] };
  // The event with its final form is about to follow; until then the text stays on the screen.
  return {
    streams: state.streams.map((other) => (other === stream ? { ...other, state: 'ended' } : other)),
  };
}

function withAnswers(timeline: TimelineEntry[], { body }: RunEventOf<'clarify_answered'>): TimelineEntry[] {
  return timeline.map((entry) =>
    entry.kind === 'clarification' && entry.interruptId === body.interruptId
      ? { ...entry, answers: body.answers }
      : entry,
  );
}

function draftSaved(
  state: ConversationState,
  { body: { draft } }: RunEventOf<'draft_saved'>,
): Partial<ConversationState> {
  if (draft.status === 'discarded') return { drafts: without(state.drafts, draft.id) };
  return {
    drafts: { ...state.drafts, [draft.id]: draft },
    // The cards are real now: the text that they were read from has served.
    streams: state.streams.filter((stream) => stream.channel !== 'drafts' || stream.state === 'streaming'),
  };
}

function without(drafts: ConversationState['drafts'], draftId: string): ConversationState['drafts'] {
  return Object.fromEntries(Object.entries(drafts).filter(([id]) => id !== draftId));
}
