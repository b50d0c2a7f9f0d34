import { ulid } from 'ulid';
import type { Problem } from '../contracts/problem.ts';
import type { RunEvent } from '../contracts/run-event.ts';
import type {
  Ack,
  ClientEventName,
  ClientPayload,
  ClientResult,
  ConversationSummary,
} from '../contracts/socket-events.ts';
import type { ConnectionState } from './connection-state.ts';
import type { ConversationClientOptions } from './conversation-client-options.ts';
import { noAnswer, type ChannelLink } from './channel-link.ts';
import { applyEvents, stateOf, type ConversationState } from './conversation-state.ts';
import { openLink } from './fallback-link.ts';
import { beforeNextPaint } from './next-paint.ts';
import { Outbox, type OutgoingMessage } from './outbox.svelte.ts';

export type { OutgoingMessage } from './outbox.svelte.ts';
export type { ConnectionState } from './connection-state.ts';

const tryAgainAfterMs = 1_000;

/**
 * One tab's side of the channel: it shows one conversation at a time, comes back by itself after a lost connection,
 * and asks for what it missed. Every command resolves to an Ack and never rejects.
 */
export class ConversationClient {
  connection = $state<ConnectionState>('idle');
  conversation = $state.raw<ConversationState | null>(null);
  /** Rows of the list that changed since the page was loaded, by id. */
  changedSummaries = $state.raw<Readonly<Record<string, ConversationSummary>>>({});
  /** When the session ends, once the server warned of it. */
  sessionEndsAt = $state<number | null>(null);
  /** The page is from another version: reload at a quiet moment. */
  reloadNeeded = $state(false);
  /** The build that the server told of, once it did. */
  serverBuild = $state<string | null>(null);
  /** Why the channel refused this page, where that is more than being offline. */
  problem = $state.raw<Problem | null>(null);
  /** The channel is out of reach: it goes by requests to the page's own origin. */
  overPage = $state(false);

  readonly #link: ChannelLink;
  readonly #outbox: Outbox;
  readonly #ackTimeoutMs: number;
  readonly #schedule: (flush: () => void) => void;
  #arrived: RunEvent[] = [];
  #flushScheduled = false;
  /** Counts joins, so that what belongs to an earlier one is ignored. */
  #joins = 0;
  /** The seq from which on this conversation is live; null while a join waits for its ack. */
  #liveFrom: number | null = null;
  #closed = false;

  constructor(options: ConversationClientOptions) {
    this.#link = options.link ?? openLink(options.url);
    this.#outbox = new Outbox(options.storage ?? globalThis.sessionStorage ?? null);
    this.#ackTimeoutMs = options.ackTimeoutMs ?? 8_000;
    this.#schedule = options.schedule ?? beforeNextPaint;
    this.#listen(options.build);
  }

  /** Messages that the server does not have yet, of all conversations of this tab. */
  get outbox(): OutgoingMessage[] {
    return this.#outbox.messages;
  }

  /** No run at work in what is shown, and nothing on its way to the server. */
  get isAtRest(): boolean {
    return this.outbox.length === 0 && !this.conversation?.running;
  }

  connect(): void {
    this.#closed = false;
    if (this.#link.connected) return;
    this.connection = 'connecting';
    this.#link.connect();
  }

  /** Leaves the channel; `connect` comes back. */
  close(): void {
    this.#closed = true;
    this.#joins++;
    this.#link.disconnect();
    this.connection = 'idle';
  }

  /** Shows another conversation, as its page was loaded. */
  open(loaded: { summary: ConversationSummary; events: RunEvent[] }): void {
    const before = this.conversation?.conversationId;
    if (before !== undefined && before !== loaded.summary.id)
      void this.#ask('conversation:leave', { conversationId: before });
    this.#arrived = [];
    this.conversation = stateOf(loaded.summary, loaded.events);
    if (this.#link.connected) void this.#join();
  }

  /** Sends a message; it stays in the outbox, and is sent again under its id, until the server has it. */
  send(text: string, draftIds: string[] = []): Promise<Ack<ClientResult<'message:send'>>> {
    const { conversationId } = this.#shown();
    const message: OutgoingMessage = {
      conversationId,
      messageId: ulid(),
      text,
      draftIds,
      state: 'sending',
      problem: null,
    };
    this.#outbox.add(message);
    return this.#deliver(message);
  }

  async resend(messageId: string): Promise<void> {
    const message = this.#outbox.find(messageId);
    if (message) await this.#deliver(message);
  }

  /** Takes a message out of the outbox; the page may put its text back into the composer. */
  takeBack(messageId: string): OutgoingMessage | undefined {
    const message = this.#outbox.find(messageId);
    this.#outbox.remove([messageId]);
    return message;
  }

  withdraw = (messageId: string) => this.command('message:withdraw', { messageId });
  answer = (interruptId: string, answers: ClientPayload<'clarify:answer'>['answers']) =>
    this.command('clarify:answer', { interruptId, answers });
  editDraft = (draftId: string, baseVersion: number, edit: ClientPayload<'draft:edit'>['edit']) =>
    this.command('draft:edit', { draftId, baseVersion, edit });
  discardDraft = (draftId: string, version: number) => this.command('draft:discard', { draftId, version });
  setFields = (draftId: string, version: number, extraFields: ClientPayload<'draft:fields'>['extraFields']) =>
    this.command('draft:fields', { draftId, version, extraFields });
  stop = () => this.command('run:stop', {});
  continueRun = () => this.command('run:continue', {});

  /** Approves exactly these versions. Where no answer came it is asked once more under the same approval. */
  async approve(
    interruptId: string,
    drafts: ClientPayload<'review:approve'>['drafts'],
  ): Promise<Ack<ClientResult<'review:approve'>>> {
    const approval = { interruptId, drafts, approvalId: ulid() };
    const ack = await this.command('review:approve', approval);
    return !ack.ok && ack.problem.code === noAnswer.code ? this.command('review:approve', approval) : ack;
  }

  resolveCreation(
    choice: WithoutConversation<ClientPayload<'creation:resolve'>>,
  ): Promise<Ack<ClientResult<'creation:resolve'>>> {
    return this.#ask('creation:resolve', { ...choice, conversationId: this.#shown().conversationId });
  }

  #listen(build: string): void {
    const link = this.#link;
    link.on('connect', () => {
      this.problem = null;
      this.connection = 'live';
      this.overPage = link.way === 'page';
      if (this.conversation) void this.#join();
    });
    link.on('disconnect', ({ letGo }) => {
      this.#joins++;
      if (this.#closed || this.connection === 'signed_out') return;
      this.connection = 'offline';
      // The server let go of us (a restart): coming back is left to us.
      if (letGo) this.#connectLater();
    });
    link.on('refused', (problem) => this.#refused(problem));
    link.on('conversation:events', ({ conversationId, events }) => this.#take(conversationId, events));
    link.on('conversations:changed', ({ conversation }) => {
      this.changedSummaries = { ...this.changedSummaries, [conversation.id]: conversation };
    });
    link.on('session:ending', ({ expiresAt }) => (this.sessionEndsAt = expiresAt));
    link.on('session:ended', ({ problem }) => this.#signedOut(problem));
    link.on('server:hello', (hello) => {
      this.serverBuild = hello.build;
      this.reloadNeeded = hello.build !== build;
    });
  }

  #refused(problem: Problem | null): void {
    this.connection = 'offline';
    if (!problem) return;
    this.problem = problem;
    if (problem.code === 'session_over') this.#signedOut(problem);
    else if (problem.code === 'reload') this.reloadNeeded = true;
    else this.#connectLater();
  }

  #signedOut(problem: Problem): void {
    this.problem = problem;
    this.connection = 'signed_out';
  }

  #connectLater(): void {
    const pauseMs = tryAgainAfterMs * (1 + Math.random());
    setTimeout(() => {
      if (!this.#closed && !this.#link.connected) this.#link.connect();
    }, pauseMs);
  }

  async #join(): Promise<void> {
    const join = ++this.#joins;
    this.#liveFrom = null;
    this.connection = 'catching_up';
    this.#flush();
    const { conversationId, lastSeq } = this.#shown();
    const ack = await this.#ask('conversation:join', { conversationId, afterSeq: lastSeq });
    if (join !== this.#joins) return;
    if (!ack.ok) {
      this.problem = ack.problem;
      if (ack.problem.retryable && this.#link.connected) this.#joinLater(join);
      return;
    }
    // The journal is shorter than what we saw: another database answers now, so what we show is not its story.
    if (ack.result.lastSeq < lastSeq) {
      this.conversation = stateOf({ ...this.#shown(), id: conversationId });
      return this.#join();
    }
    this.#liveFrom = ack.result.lastSeq;
    this.#settle();
    for (const message of this.outbox) {
      if (message.conversationId === conversationId && message.state === 'waiting')
        void this.#deliver(message);
    }
  }

  #joinLater(join: number): void {
    setTimeout(() => {
      if (join === this.#joins && this.#link.connected) void this.#join();
    }, tryAgainAfterMs);
  }

  #take(conversationId: string, events: RunEvent[]): void {
    if (conversationId !== this.conversation?.conversationId) return;
    this.#arrived.push(...events);
    if (this.#flushScheduled) return;
    this.#flushScheduled = true;
    this.#schedule(() => this.#flush());
  }

  /** Applies what arrived since the last paint, in one change. */
  #flush(): void {
    this.#flushScheduled = false;
    if (this.#arrived.length === 0 || !this.conversation) return;
    const events = this.#arrived;
    this.#arrived = [];
    this.conversation = applyEvents(this.conversation, events);
    this.#outbox.removeTaken(events);
    if (this.conversation.gap) {
      this.conversation = { ...this.conversation, gap: false };
      // Until a join is acked, what arrives may still be meant for the one before.
      if (this.#liveFrom !== null) void this.#join();
      return;
    }
    this.#settle();
  }

  #settle(): void {
    const reached = this.#liveFrom !== null && this.#shown().lastSeq >= this.#liveFrom;
    if (reached && this.connection === 'catching_up') this.connection = 'live';
  }

  async #deliver(message: OutgoingMessage): Promise<Ack<ClientResult<'message:send'>>> {
    const { conversationId, messageId, text, draftIds } = message;
    this.#outbox.begin(messageId);
    const ack = await this.#ask('message:send', { conversationId, messageId, text, draftIds });
    if (ack.ok) this.#outbox.remove([messageId]);
    else this.#outbox.fail(messageId, ack.problem);
    // The connection lives and the answer was lost: no join will come that sends it again.
    if (!ack.ok && this.#link.connected) this.#deliverLater(messageId);
    return ack;
  }

  #deliverLater(messageId: string): void {
    setTimeout(() => {
      const message = this.#outbox.find(messageId);
      if (message?.state === 'waiting' && this.#link.connected) void this.#deliver(message);
    }, tryAgainAfterMs);
  }

  /** Any other command about the conversation on the screen. */
  command<E extends Exclude<ClientEventName, 'creation:resolve'>>(
    event: E,
    payload: WithoutConversation<ClientPayload<E>>,
  ): Promise<Ack<ClientResult<E>>> {
    return this.#ask(event, { ...payload, conversationId: this.#shown().conversationId } as ClientPayload<E>);
  }

  #ask<E extends ClientEventName>(event: E, payload: ClientPayload<E>): Promise<Ack<ClientResult<E>>> {
    return this.#link.ask(event, payload, this.#ackTimeoutMs);
  }

  #shown(): ConversationState {
    if (!this.conversation) throw new Error('No conversation is open.');
    return this.conversation;
  }
}

type WithoutConversation<P> = P extends unknown ? Omit<P, 'conversationId'> : never;
