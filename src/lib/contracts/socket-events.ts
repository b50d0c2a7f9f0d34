import { z } from 'zod';
import { clarifyAnswerSchema } from './clarification.ts';
import { jobViewSchema } from './job.ts';
import { channelVersion, messageMaxCharacters } from './plain-values.ts';
import { problemSchema, type Problem } from './problem.ts';
import { conversationStatusSchema, runEventSchema, type RunEvent } from './run-event.ts';
import { extraFieldsSchema, issueKeySchema, storyEditSchema } from './story.ts';

export { channelVersion, messageMaxCharacters };

const id = z.string().min(1).max(64);
/** Made by the client, so that sending again after a lost ack is harmless. */
const commandId = z.string().regex(/^[0-9A-HJKMNP-TV-Z]{26}$/, 'A command id is a ULID.');

export const handshakeAuthSchema = z.object({ channelVersion: z.number().int() });

/** What a page may ask of the channel. Each is acked with {ok:true, result} or {ok:false, problem}. */
export const clientEvents = {
  /** Replays what came after `afterSeq`, then goes on live. The reply comes before the first replayed event. */
  'conversation:join': {
    payload: z.object({ conversationId: id, afterSeq: z.number().int().min(0) }),
    result: z.object({ lastSeq: z.number().int().min(0) }),
  },
  'conversation:leave': { payload: z.object({ conversationId: id }), result: z.object({}) },
  'message:send': {
    payload: z.object({
      conversationId: id,
      messageId: commandId,
      text: z.string().trim().min(1, 'Write something first.').max(messageMaxCharacters),
      /** Drafts that the message is about; empty means that the agent decides. */
      draftIds: z.array(id).max(50).default([]),
    }),
    result: z.object({ runId: id.nullable(), queued: z.boolean() }),
  },
  'message:withdraw': {
    payload: z.object({ conversationId: id, messageId: commandId }),
    result: z.object({}),
  },
  'clarify:answer': {
    payload: z.object({
      conversationId: id,
      interruptId: id,
      answers: z.array(clarifyAnswerSchema).min(1).max(3),
    }),
    result: z.object({ runId: id }),
  },
  'draft:edit': {
    payload: z.object({
      conversationId: id,
      draftId: id,
      baseVersion: z.number().int().min(1),
      edit: storyEditSchema,
    }),
    result: z.object({ version: z.number().int() }),
  },
  'draft:discard': {
    payload: z.object({ conversationId: id, draftId: id, version: z.number().int().min(1) }),
    result: z.object({}),
  },
  'draft:fields': {
    payload: z.object({
      conversationId: id,
      draftId: id,
      version: z.number().int().min(1),
      extraFields: extraFieldsSchema,
    }),
    result: z.object({ version: z.number().int() }),
  },
  /** Computes anew what would be posted of the stories of which it is not known, such as after Jira was down. */
  'review:prepare': {
    payload: z.object({ conversationId: id }),
    result: z.object({}),
  },
  /** Discards a story for an issue that the radar found; the conversation notes its key. */
  'draft:use_existing': {
    payload: z.object({
      conversationId: id,
      draftId: id,
      version: z.number().int().min(1),
      issueKey: issueKeySchema,
    }),
    result: z.object({}),
  },
  /** Settles a place where a revision and the person's edit differ; the choice is a new version. */
  'draft:choose': {
    payload: z.object({
      conversationId: id,
      draftId: id,
      version: z.number().int().min(1),
      conflictId: id,
      choice: z.enum(['mine', 'theirs']),
    }),
    result: z.object({ version: z.number().int() }),
  },
  /** Sets a broken rule aside for one story; who may, and whether a reason is needed, is decided by rule. */
  'draft:bypass': {
    payload: z.object({
      conversationId: id,
      draftId: id,
      version: z.number().int().min(1),
      ruleId: z.string().min(1).max(100),
      reason: z.string().trim().max(500, 'A reason has at most 500 characters.'),
    }),
    result: z.object({ version: z.number().int() }),
  },
  /** Binds exactly what was shown: conversation, interrupt, draft versions and the hash of what is posted. */
  'review:approve': {
    payload: z.object({
      conversationId: id,
      interruptId: id,
      approvalId: commandId,
      drafts: z
        .array(z.object({ draftId: id, version: z.number().int().min(1), hash: z.string().length(64) }))
        .min(1)
        .max(50),
    }),
    result: z.object({ runId: id }),
  },
  /** What a person decides about a creation whose outcome is unknown, or that failed. */
  'creation:resolve': {
    payload: z.discriminatedUnion('choice', [
      z.object({ conversationId: id, intentId: id, choice: z.literal('check_again') }),
      z.object({ conversationId: id, intentId: id, choice: z.literal('retry') }),
      z.object({
        conversationId: id,
        intentId: id,
        choice: z.literal('enter_key'),
        issueKey: issueKeySchema,
      }),
      z.object({ conversationId: id, intentId: id, choice: z.literal('create_anyway') }),
    ]),
    result: z.object({}),
  },
  /** Takes back the issues that one approval created, as far as nobody touched them since. Goes on in the background. */
  'creation:undo': {
    payload: z.object({ conversationId: id, approvalId: commandId }),
    result: z.object({ issues: z.number().int() }),
  },
  'run:stop': { payload: z.object({ conversationId: id }), result: z.object({ stopped: z.boolean() }) },
  /** Takes up a run that was interrupted, stopped or failed, with the same input. */
  'run:continue': { payload: z.object({ conversationId: id }), result: z.object({ runId: id }) },
} as const;

export type ClientEventName = keyof typeof clientEvents;
/** What a sender writes, before defaults are filled in. */
export type ClientPayload<E extends ClientEventName> = z.input<(typeof clientEvents)[E]['payload']>;
/** What a handler gets, parsed. */
export type ParsedPayload<E extends ClientEventName> = z.output<(typeof clientEvents)[E]['payload']>;
export type ClientResult<E extends ClientEventName> = z.infer<(typeof clientEvents)[E]['result']>;
export type Ack<R> = ({ ok: true; result: R } | { ok: false; problem: Problem }) & {
  /** Names this request in the server's log; missing where no server answered. */
  requestId?: string;
};

export const conversationSummarySchema = z.object({
  id: z.string(),
  title: z.string(),
  status: conversationStatusSchema,
  projectKey: z.string().nullable(),
  createdCount: z.number().int(),
  archived: z.boolean(),
  updatedAt: z.number().int(),
  /** It was deleted: lists drop it. Told in `conversations:changed` only. */
  removed: z.literal(true).optional(),
});
export type ConversationSummary = z.infer<typeof conversationSummarySchema>;

/** What the channel sends by itself. */
export const serverEvents = {
  'conversation:events': z.object({ conversationId: z.string(), events: z.array(runEventSchema).min(1) }),
  /** One row of the person's conversation list changed. */
  'conversations:changed': z.object({ conversation: conversationSummarySchema }),
  /** A background job of the person was stored, began, ended or was planned anew. */
  'job:changed': z.object({ job: jobViewSchema }),
  'session:ending': z.object({ expiresAt: z.number().int() }),
  'session:ended': z.object({ problem: problemSchema }),
  /** Sent on connection: a page built from another version reloads itself at a quiet moment. */
  'server:hello': z.object({ build: z.string(), channelVersion: z.number().int() }),
} as const;
export type ServerEventName = keyof typeof serverEvents;

/** Socket.IO's typed maps. */
export type ClientToServerEvents = {
  [E in ClientEventName]: (payload: ClientPayload<E>, ack: (answer: Ack<ClientResult<E>>) => void) => void;
};
export type ServerToClientEvents = {
  [E in ServerEventName]: (message: z.infer<(typeof serverEvents)[E]>) => void;
};
export type { RunEvent };
