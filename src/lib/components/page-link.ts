import { channelVersion } from '../contracts/plain-values.ts';
import type { Problem } from '../contracts/problem.ts';
import type { RunEvent } from '../contracts/run-event.ts';
import type { Ack, ClientEventName, ClientPayload, ClientResult } from '../contracts/socket-events.ts';
import { createLinkListeners, noAnswer, unsendable, type ChannelLink } from './channel-link.ts';
import { createStreamMessages, type StreamMessage } from './event-stream-messages.ts';
import { toldProblem } from './told-problem.ts';

export interface PageLinkOptions {
  /** The page's origin; empty where the browser knows it. */
  origin?: string;
  fetch?: typeof fetch;
  firstRetryMs?: number;
}

const longestRetryMs = 10_000;
/** The server says something every 15 seconds; a stream that is silent for longer than two of those is dead. */
const silentTooLongMs = 40_000;

/**
 * The conversation over the page's own origin, for where the channel's port is out of reach: an event stream for each
 * conversation that is followed, and a POST for each command.
 */
export function createPageLink(options: PageLinkOptions = {}): ChannelLink {
  const { origin = '', fetch = globalThis.fetch.bind(globalThis), firstRetryMs = 1_000 } = options;
  const { on, tell } = createLinkListeners();
  const streams = new Map<string, AbortController>();
  let state: 'closed' | 'trying' | 'connected' = 'closed';
  let failures = 0;
  let retry: ReturnType<typeof setTimeout> | undefined;

  return {
    way: 'page',
    get connected() {
      return state === 'connected';
    },
    connect() {
      if (state !== 'closed') return;
      state = 'trying';
      failures = 0;
      void tryToConnect();
    },
    disconnect: close,
    on,
    async ask(event, payload, timeoutMs) {
      const problem = unsendable(state === 'connected', payload);
      if (problem) return { ok: false, problem };
      if (event === 'conversation:leave') return leave(payload.conversationId);
      if (event === 'conversation:join')
        return join(payload as ClientPayload<'conversation:join'>, timeoutMs) as never;
      return command(event, payload, timeoutMs);
    },
  };

  /** Whether the page's origin answers, and knows us. */
  async function tryToConnect(): Promise<void> {
    try {
      const response = await fetch(`${origin}/api/conversations?limit=1`, {
        signal: AbortSignal.timeout(longestRetryMs),
      });
      if (state !== 'trying') return;
      if (response.ok) {
        failures = 0;
        state = 'connected';
        tell('connect');
        return;
      }
      refuse(await problemOf(response));
    } catch {
      if (state === 'trying') refuse(null);
    }
  }

  function refuse(problem: Problem | null): void {
    if (problem?.code === 'session_over') close();
    else tryLater();
    tell('refused', problem);
  }

  function tryLater(): void {
    state = 'trying';
    const pauseMs = Math.min(longestRetryMs, firstRetryMs * 2 ** failures++);
    clearTimeout(retry);
    retry = setTimeout(() => void tryToConnect(), pauseMs * (0.5 + Math.random()));
  }

  function close(): void {
    state = 'closed';
    clearTimeout(retry);
    for (const stream of streams.values()) stream.abort();
    streams.clear();
  }

  function leave(conversationId: string): Ack<never> {
    streams.get(conversationId)?.abort();
    streams.delete(conversationId);
    return { ok: true, result: {} as never };
  }

  async function join(
    { conversationId, afterSeq }: ClientPayload<'conversation:join'>,
    timeoutMs: number,
  ): Promise<Ack<ClientResult<'conversation:join'>>> {
    leave(conversationId);
    const stream = new AbortController();
    streams.set(conversationId, stream);
    const address = `${addressOf(conversationId)}/events?after=${afterSeq}&channelVersion=${channelVersion}`;
    const joined = Promise.withResolvers<Ack<ClientResult<'conversation:join'>>>();
    const giveUp = setTimeout(() => stream.abort(), timeoutMs);
    void follow();
    return joined.promise;

    async function follow(): Promise<void> {
      try {
        const response = await fetch(address, { signal: stream.signal });
        if (!response.ok || !response.body) {
          const problem = (await problemOf(response)) ?? noAnswer;
          if (problem.code === 'reload') tell('refused', problem);
          streams.delete(conversationId);
          return joined.resolve({ ok: false, problem });
        }
        await read(response.body, stream, (messages) => {
          for (const { event, data } of messages) {
            if (event !== 'conversation:joined') continue;
            clearTimeout(giveUp);
            joined.resolve({ ok: true, result: JSON.parse(data) });
          }
          pass(conversationId, messages);
        });
      } catch {
        // Cut off: by us, or on the way.
      } finally {
        clearTimeout(giveUp);
        joined.resolve({ ok: false, problem: noAnswer });
        if (streams.get(conversationId) === stream) lost(conversationId);
      }
    }
  }

  /** Run events together, the rest one by one; all in their order. */
  function pass(conversationId: string, messages: StreamMessage[]): void {
    const events: RunEvent[] = [];
    for (const { id, event, data } of messages) {
      if (id !== null) events.push(JSON.parse(data));
      else if (event === 'session:ended') endSession(JSON.parse(data));
      else if (event === 'server:hello' || event === 'session:ending' || event === 'conversations:changed')
        tell(event, JSON.parse(data));
    }
    if (events.length > 0) tell('conversation:events', { conversationId, events });
  }

  function endSession(message: { problem: Problem }): void {
    close();
    tell('session:ended', message);
  }

  function lost(conversationId: string): void {
    streams.delete(conversationId);
    if (state !== 'connected') return;
    close();
    tryLater();
    tell('disconnect', { letGo: false });
  }

  async function command<E extends ClientEventName>(
    event: E,
    payload: ClientPayload<E>,
    timeoutMs: number,
  ): Promise<Ack<ClientResult<E>>> {
    try {
      const response = await fetch(`${addressOf(payload.conversationId)}/commands/${event}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(payload),
        signal: AbortSignal.timeout(timeoutMs),
      });
      const answer: unknown = await response.json();
      const isAck = typeof answer === 'object' && answer !== null && 'ok' in answer;
      return isAck ? (answer as Ack<ClientResult<E>>) : { ok: false, problem: noAnswer };
    } catch {
      return { ok: false, problem: noAnswer };
    }
  }

  function addressOf(conversationId: string): string {
    return `${origin}/api/conversations/${encodeURIComponent(conversationId)}`;
  }
}

/** Reads a stream to its end; one that is silent for too long is cut off. */
async function read(
  body: ReadableStream<Uint8Array>,
  stream: AbortController,
  take: (messages: StreamMessage[]) => void,
): Promise<void> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  const messagesIn = createStreamMessages();
  let silence = setTimeout(() => stream.abort(), silentTooLongMs);
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      clearTimeout(silence);
      silence = setTimeout(() => stream.abort(), silentTooLongMs);
      take(messagesIn(decoder.decode(value, { stream: true })));
    }
  } finally {
    clearTimeout(silence);
  }
}

/** Why a request was refused. Every 401 means the same to a page: its session is over. */
async function problemOf(response: Response): Promise<Problem | null> {
  const body: unknown = await response.json().catch(() => null);
  const told = toldProblem((body as { problem?: unknown } | null)?.problem);
  return told && response.status === 401 ? { ...told, code: 'session_over' } : told;
}
