import type { Problem } from '../contracts/problem.ts';
import type {
  Ack,
  ClientEventName,
  ClientPayload,
  ClientResult,
  ServerToClientEvents,
} from '../contracts/socket-events.ts';

/** What a link tells: the events of the server, and how it stands to it. */
export type LinkEvents = ServerToClientEvents & {
  connect: () => void;
  /** `letGo`: the server closed it, and the link does not come back unless it is told to. */
  disconnect: (why: { letGo: boolean }) => void;
  /** A try to connect failed: with the server's reason, or null where nobody answered. */
  refused: (problem: Problem | null) => void;
};

/** One way from a tab to the server. It comes back by itself after a connection was lost. */
export interface ChannelLink {
  readonly connected: boolean;
  /** Which way it goes: through the channel, or by requests to the page's own origin. */
  readonly way: 'channel' | 'page';
  connect(): void;
  disconnect(): void;
  on<E extends keyof LinkEvents>(event: E, listener: LinkEvents[E]): void;
  /** Never rejects: no connection and no answer are Problems too. */
  ask<E extends ClientEventName>(
    event: E,
    payload: ClientPayload<E>,
    timeoutMs: number,
  ): Promise<Ack<ClientResult<E>>>;
}

export const linkEventNames = [
  'connect',
  'disconnect',
  'refused',
  'conversation:events',
  'conversations:changed',
  'session:ending',
  'session:ended',
  'server:hello',
] as const satisfies (keyof LinkEvents)[];

/** The listeners of a link that tells things by itself. */
export function createLinkListeners() {
  const listeners: { [E in keyof LinkEvents]?: LinkEvents[E][] } = {};
  return {
    on<E extends keyof LinkEvents>(event: E, listener: LinkEvents[E]): void {
      const known = (listeners[event] ??= [] as (typeof listeners)[E]) as LinkEvents[E][];
      known.push(listener);
    },
    tell<E extends keyof LinkEvents>(event: E, ...message: Parameters<LinkEvents[E]>): void {
      const told = (listeners[event] ?? []) as ((...message: Parameters<LinkEvents[E]>) => void)[];
      for (const listener of told) listener(...message);
    },
  };
}

/** Larger events would be cut off with their connection. */
const payloadMaxBytes = 64 * 1024;

/** The problem that keeps a payload from being sent at all, or null. */
export function unsendable(connected: boolean, payload: unknown): Problem | null {
  if (!connected) return offline;
  return new TextEncoder().encode(JSON.stringify(payload)).length > payloadMaxBytes ? tooLarge : null;
}

/** Whether it is unknown if the server took it: the same command may be sent again under the same id. */
export function isUndelivered({ code }: Problem): boolean {
  return code === offline.code || code === noAnswer.code;
}

const offline: Problem = {
  code: 'offline',
  message: 'You are offline, so this was not sent.',
  hint: 'It can be sent when the connection is back.',
  retryable: true,
};
export const noAnswer: Problem = {
  code: 'no_answer',
  message: 'The server did not answer in time. It may have taken this.',
  hint: 'Wait for the connection, then look whether it happened.',
  retryable: true,
};
const tooLarge: Problem = {
  code: 'payload_too_large',
  message: 'This is too much for one step, so it was not sent.',
  hint: 'Shorten it, or add the long text as a source.',
  retryable: false,
};
