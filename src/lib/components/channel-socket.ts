import { io, type Socket } from 'socket.io-client';
import { channelVersion } from '../contracts/plain-values.ts';
import type { Problem } from '../contracts/problem.ts';
import type {
  Ack,
  ClientEventName,
  ClientPayload,
  ClientResult,
  ClientToServerEvents,
  ServerToClientEvents,
} from '../contracts/socket-events.ts';
import { noAnswer, unsendable, type ChannelLink, type LinkEvents } from './channel-link.ts';
import { toldProblem } from './told-problem.ts';

export type ChannelSocket = Socket<ServerToClientEvents, ClientToServerEvents>;

/** A socket that is not connected yet. WebSocket first, polling where it is blocked; it comes back by itself. */
export function openChannelSocket(url: string): ChannelSocket {
  return io(url, {
    autoConnect: false,
    withCredentials: true,
    transports: ['websocket', 'polling'],
    tryAllTransports: true,
    auth: { channelVersion },
    // A firewall that swallows the port must not keep the page from its other way for long.
    timeout: 5_000,
    reconnectionDelay: 500,
    reconnectionDelayMax: 10_000,
    randomizationFactor: 0.5,
  });
}

/** The channel itself as a link. */
export function createSocketLink(socket: ChannelSocket): ChannelLink {
  return {
    way: 'channel',
    get connected() {
      return socket.connected;
    },
    connect: () => void socket.connect(),
    disconnect: () => void socket.disconnect(),
    on(event, listener) {
      if (event === 'disconnect') {
        const told = listener as LinkEvents['disconnect'];
        socket.on('disconnect', (reason) => told({ letGo: reason === 'io server disconnect' }));
      } else if (event === 'refused') {
        const told = listener as LinkEvents['refused'];
        socket.on('connect_error', (error) => told(problemIn(error)));
      } else {
        // The rest are Socket.IO's own names and the contract's.
        socket.on(event as 'server:hello', listener as LinkEvents['server:hello']);
      }
    },
    ask: (event, payload, timeoutMs) => ask(socket, event, payload, timeoutMs),
  };
}

/** What a refusing handshake says; null where there was none. */
function problemIn(error: Error): Problem | null {
  return toldProblem((error as { data?: unknown }).data);
}

async function ask<E extends ClientEventName>(
  socket: ChannelSocket,
  event: E,
  payload: ClientPayload<E>,
  timeoutMs: number,
): Promise<Ack<ClientResult<E>>> {
  const problem = unsendable(socket.connected, payload);
  if (problem) return { ok: false, problem };
  try {
    // Socket.IO cannot follow a generic event name through its maps; the contract types both ends of it.
    const asking = socket.timeout(timeoutMs) as unknown as {
      emitWithAck(name: E, payload: ClientPayload<E>): Promise<Ack<ClientResult<E>>>;
    };
    return await asking.emitWithAck(event, payload);
  } catch {
    return { ok: false, problem: noAnswer };
  }
}
