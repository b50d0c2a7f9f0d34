import { z } from 'zod';
import { clarifyAnswerSchema, clarifyQuestionSchema } from './clarification.ts';
import { problemSchema } from './problem.ts';
import { storyDraftSchema } from './story.ts';

/** What a conversation waits for or does, as its list shows it. */
export const conversationStatuses = [
  'empty',
  'working',
  'needs_answer',
  'needs_review',
  'done',
  'stopped',
  'failed',
  'interrupted',
] as const;
export const conversationStatusSchema = z.enum(conversationStatuses);
export type ConversationStatus = z.infer<typeof conversationStatusSchema>;

/** How a stretch of work ended. `waiting`: an interrupt is open. `interrupted`: its process died; it can be continued. */
export const runEndSchema = z.enum(['waiting', 'completed', 'stopped', 'failed', 'interrupted']);
export type RunEnd = z.infer<typeof runEndSchema>;

export const agentSteps = [
  'understand',
  'gather',
  'clarify',
  'draft',
  'validate',
  'split',
  'review',
  'create_issues',
  'converse',
] as const;
export const agentStepSchema = z.enum(agentSteps);
export type AgentStep = z.infer<typeof agentStepSchema>;

/** What a token belongs to: prose for the chat, or the JSON text of story drafts (parsed as far as it goes). */
export const tokenChannels = ['message', 'drafts'] as const;
export const tokenChannelSchema = z.enum(tokenChannels);
export type TokenChannel = z.infer<typeof tokenChannelSchema>;

/** What became of one issue of a launch that is undone. `waiting`: not looked at yet, or tried again later. */
export const undoStates = ['waiting', 'deleted', 'closed', 'labelled', 'kept', 'failed'] as const;
export type UndoState = (typeof undoStates)[number];

const bodies = {
  /** Someone spoke. An assistant's message replaces the tokens of the stream `messageId`. */
  message_added: z.object({
    messageId: z.string(),
    role: z.enum(['user', 'assistant']),
    text: z.string(),
    /** The nth message of the person, for citations such as M2.1. Null for the assistant. */
    number: z.number().int().nullable(),
  }),
  /** Queued while a run was at work; it starts by itself after that run, or is withdrawn. */
  message_queued: z.object({ messageId: z.string(), text: z.string() }),
  message_withdrawn: z.object({ messageId: z.string() }),
  source_added: z.object({
    sourceId: z.string(),
    /** `S1`, `S2` ... */
    ref: z.string(),
    kind: z.enum(['page', 'issue', 'text', 'file']),
    title: z.string(),
    version: z.string().nullable(),
    url: z.string().nullable(),
    paragraphs: z.number().int(),
  }),
  run_started: z.object({}),
  /** Named work, in words ("Checking 6 rules"). A step with the same id replaces the one before. */
  step: z.object({
    stepId: z.string(),
    step: agentStepSchema,
    label: z.string(),
    state: z.enum(['started', 'done', 'failed']),
    /** When it began, told with its end, so that the end alone says all of it. */
    startedAt: z.number().optional(),
  }),
  assistant_token: z.object({ streamId: z.string(), channel: tokenChannelSchema, delta: z.string() }),
  /**
   * A stream is over; its tokens are no longer kept apart. `text` is what they came to, `null` where a later event
   * carries it (message_added, draft_saved). `cut` tells that it was stopped midway.
   */
  stream_ended: z.object({
    streamId: z.string(),
    channel: tokenChannelSchema,
    text: z.string().nullable(),
    cut: z.boolean(),
  }),
  clarify: z.object({ interruptId: z.string(), questions: z.array(clarifyQuestionSchema).min(1).max(3) }),
  clarify_answered: z.object({ interruptId: z.string(), answers: z.array(clarifyAnswerSchema) }),
  /** A new draft, a new version or a new status: the whole draft, so the last one wins. */
  draft_saved: z.object({ draft: storyDraftSchema }),
  draft_discarded: z.object({ draftId: z.string() }),
  review: z.object({ interruptId: z.string(), draftIds: z.array(z.string()) }),
  review_closed: z.object({ interruptId: z.string() }),
  approved: z.object({ approvalId: z.string(), interruptId: z.string(), draftIds: z.array(z.string()) }),
  /** How far undoing a launch has come: all its issues each time, so the last one wins. */
  launch_undo: z.object({
    approvalId: z.string(),
    issues: z.array(
      z.object({
        draftId: z.string(),
        key: z.string(),
        url: z.string(),
        state: z.enum(undoStates),
        /** Why it was not deleted, in a sentence. */
        reason: z.string().nullable(),
      }),
    ),
  }),
  run_ended: z.object({ end: runEndSchema, problem: problemSchema.nullable() }),
  conversation_changed: z.object({
    title: z.string(),
    status: conversationStatusSchema,
    projectKey: z.string().nullable(),
  }),
};

const envelope = z.object({
  /** 1, 2, 3 ... within the conversation, without gaps when `covers` is counted. */
  seq: z.number().int().min(1),
  /** The first seq that this event stands for, where tokens or overtaken states of drafts before it were compacted away. */
  covers: z.number().int().min(1).optional(),
  conversationId: z.string(),
  runId: z.string().nullable(),
  /** Milliseconds since 1970, UTC. */
  at: z.number().int(),
});

function eventOf<T extends keyof typeof bodies>(type: T) {
  return envelope.extend({ type: z.literal(type), body: bodies[type] });
}

/** One thing that happened in a conversation. Published only after it was committed. */
export const runEventSchema = z.discriminatedUnion('type', [
  eventOf('message_added'),
  eventOf('message_queued'),
  eventOf('message_withdrawn'),
  eventOf('source_added'),
  eventOf('run_started'),
  eventOf('step'),
  eventOf('assistant_token'),
  eventOf('stream_ended'),
  eventOf('clarify'),
  eventOf('clarify_answered'),
  eventOf('draft_saved'),
  eventOf('draft_discarded'),
  eventOf('review'),
  eventOf('review_closed'),
  eventOf('approved'),
  eventOf('launch_undo'),
  eventOf('run_ended'),
  eventOf('conversation_changed'),
]);
export type RunEvent = z.infer<typeof runEventSchema>;
export type RunEventType = RunEvent['type'];
export type RunEventOf<T extends RunEventType> = Extract<RunEvent, { type: T }>;
/** An event before the journal gave it its seq, time and conversation. */
export type NewRunEvent = { [T in RunEventType]: { type: T; body: RunEventOf<T>['body'] } }[RunEventType];
export const runEventTypes = Object.keys(bodies) as RunEventType[];
