import { io, type Socket } from 'socket.io-client';
import type { Problem } from '../contracts/problem.ts';
import {
  channelVersion,
  type Ack,
  type ClientEventName,
  type ClientPayload,
  type ClientResult,
  type ClientToServerEvents,
  type ServerToClientEvents,
} from '../contracts/socket-events.ts';

export type ChannelSocket = Socket<ServerToClientEvents, ClientToServerEvents>;

/** Larger events would be cut off with their connection. */
const payloadMaxBytes = 64 * 1024;

/** A socket that is not connected yet. WebSocket first, polling where it is blocked; it comes back by itself. */
export function openChannelSocket(url: string): ChannelSocket {
  return io(url, {
    autoConnect: false,
    withCredentials: true,
    transports: ['websocket', 'polling'],
    tryAllTransports: true,
    auth: { channelVersion },
    reconnectionDelay: 500,
    reconnectionDelayMax: 10_000,
    randomizationFactor: 0.5,
  });
}

/** Emits one event and waits for its ack. Never rejects: no connection and no answer are Problems too. */
export async function ask<E extends ClientEventName>(
  socket: ChannelSocket,
  event: E,
  payload: ClientPayload<E>,
  ackTimeoutMs: number,
): Promise<Ack<ClientResult<E>>> {
  if (!socket.connected) return { ok: false, problem: offline };
  if (new TextEncoder().encode(JSON.stringify(payload)).length > payloadMaxBytes)
    return { ok: false, problem: tooLarge };
  try {
    // Socket.IO cannot follow a generic event name through its maps; the contract types both ends of it.
    const asking = socket.timeout(ackTimeoutMs) as unknown as {
      emitWithAck(name: E, payload: ClientPayload<E>): Promise<Ack<ClientResult<E>>>;
    };
    return await asking.emitWithAck(event, payload);
  } catch {
    return { ok: false, problem: noAnswer };
  }
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
const noAnswer: Problem = {
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
