import type { DefaultEventsMap, Server, Socket } from 'socket.io';
import type { ClientToServerEvents, ServerToClientEvents } from '../../contracts/socket-events.ts';
import type { Actor, Services } from '../services/services.ts';

/** What the channel may ask of the product. */
export type ChannelServices = Pick<Services, 'session' | 'conversations' | 'commands'> & {
  jobs: Pick<Services['jobs'], 'watch'>;
};

/** Set by `authenticate`, before anything else sees the socket. */
export interface SocketData {
  sessionId: string;
  actor: Actor;
  /** The expiry that the page was warned of, so that it is warned once for each. */
  warnedOf?: number;
}

export type ChannelServer = Server<ClientToServerEvents, ServerToClientEvents, DefaultEventsMap, SocketData>;
export type ChannelSocket = Socket<ClientToServerEvents, ServerToClientEvents, DefaultEventsMap, SocketData>;
