import type { Logger } from 'pino';
import { Server } from 'socket.io';
import { channelVersion } from '../../contracts/socket-events.ts';
import { readerLimits } from '../services/reader-drain.ts';
import { createAuthenticate } from './authenticate.ts';
import type { ChannelServer, ChannelServices, ChannelSocket } from './channel-server.ts';
import { createConnectionCounter, type ConnectionLimits } from '../security/connection-limits.ts';
import { handleEvents, type HandlerDeps } from './conversation-handlers.ts';
import { isAllowedOrigin } from './origin-check.ts';
import { watchSessions } from './session-watch.ts';
import { chooseSocketEngine, type SocketEngineName } from './socket-engine.ts';

export interface ChannelDeps {
  engine: 'auto' | SocketEngineName;
  host: string;
  /** 0 takes a free one. */
  port: number;
  /** The pages' origins, to the letter. */
  origins: readonly string[];
  cookieName: string;
  /** Trusted proxies in front that append to `X-Forwarded-For`. */
  proxies?: number;
  services: ChannelServices;
  clock: { now(): number };
  log: Logger;
  /** Names this build of the pages. */
  build: string;
  limits?: Partial<ChannelLimits>;
}

export interface ChannelLimits {
  connections: ConnectionLimits;
  rate: HandlerDeps['rate'];
  reader: HandlerDeps['reader'];
  warnBeforeMs: number;
  lookAtSessionsEveryMs: number;
}

export interface Channel {
  url: string;
  engine: SocketEngineName;
  engineReason: string;
  /** Open sockets. */
  connections(): number;
  close(): Promise<void>;
}

const defaults: ChannelLimits = {
  connections: { perUser: 20, perAddress: 500 },
  rate: { perSecond: 20, burst: 60 },
  reader: readerLimits,
  warnBeforeMs: 2 * 60_000,
  lookAtSessionsEveryMs: 2_000,
};

/** One event may have 64 KiB; the rest is the room for its envelope. */
const maxMessageBytes = 64 * 1024 + 1_024;

/** Opens the channel: a listener of its own, for the origins of our pages and people with a live session. */
export async function createChannel(deps: ChannelDeps): Promise<Channel> {
  const { host, port, origins, services, clock, log, build } = deps;
  const limits = { ...defaults, ...deps.limits };
  const engine = chooseSocketEngine(deps.engine);
  const io: ChannelServer = new Server({
    serveClient: false,
    transports: ['websocket', 'polling'],
    maxHttpBufferSize: maxMessageBytes,
    cors: { origin: [...origins], credentials: true },
    allowRequest: (request, decide) => decide(null, isAllowedOrigin(request, origins)),
    // Left off: it would let a socket back in without asking who it is. The journal replays what was missed.
    connectionStateRecovery: undefined,
  });

  const connections = createConnectionCounter(limits.connections);
  io.use(
    createAuthenticate({
      session: services.session,
      cookieName: deps.cookieName,
      proxies: deps.proxies ?? 0,
      connections,
      log,
    }),
  );
  io.on('connection', (socket: ChannelSocket) => {
    socket.emit('server:hello', { build, channelVersion });
    const stopWatching = services.conversations.watchList(socket.data.actor, (conversation) => {
      socket.emit('conversations:changed', { conversation });
    });
    const stopWatchingJobs = services.jobs.watch(socket.data.actor, (job) => {
      socket.emit('job:changed', { job });
    });
    socket.once('disconnect', () => {
      stopWatching();
      stopWatchingJobs();
    });
    handleEvents(socket, { services, clock, log, rate: limits.rate, reader: limits.reader });
  });
  const stopSessions = watchSessions({
    io,
    session: services.session,
    clock,
    log,
    warnBeforeMs: limits.warnBeforeMs,
    lookEveryMs: limits.lookAtSessionsEveryMs,
  });

  const listeningPort = await engine.listen(io, { host, port });
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${listeningPort}`,
    engine: engine.name,
    engineReason: engine.reason,
    connections: () => io.sockets.sockets.size,
    async close() {
      stopSessions();
      io.disconnectSockets(true);
      // Together: each waits for connections that only the other lets go of.
      await Promise.all([io.close(), engine.close()]);
    },
  };
}
