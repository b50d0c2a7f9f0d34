import type { Logger } from 'pino';
import { problemOf } from '../errors/problem-of.ts';
import { sessionOver } from './authenticate.ts';
import type { ChannelServer, ChannelServices, ChannelSocket } from './channel-server.ts';

interface SessionWatchDeps {
  io: ChannelServer;
  session: ChannelServices['session'];
  clock: { now(): number };
  log: Logger;
  /** How long before its end a page is warned, milliseconds. */
  warnBeforeMs: number;
  /** How often sessions are looked at: what another process ended is noticed then. */
  lookEveryMs: number;
}

/** Ends sockets with their session, and warns pages before. Returns the call that stops watching. */
export function watchSessions({
  io,
  session,
  clock,
  log,
  warnBeforeMs,
  lookEveryMs,
}: SessionWatchDeps): () => void {
  const unsubscribe = session.onEnded(({ sessionId }) => {
    for (const socket of io.sockets.sockets.values()) {
      if (socket.data.sessionId === sessionId) end(socket);
    }
  });
  const timer = setInterval(() => {
    look().catch((error: unknown) =>
      log.error({ err: error }, 'Sessions of open sockets could not be looked at.'),
    );
  }, lookEveryMs);
  timer.unref();
  return () => {
    clearInterval(timer);
    unsubscribe();
  };

  async function look(): Promise<void> {
    const bySession = Map.groupBy(io.sockets.sockets.values(), (socket) => socket.data.sessionId);
    for (const [sessionId, sockets] of bySession) {
      const live = await session.current(sessionId);
      for (const socket of sockets) {
        if (!live) end(socket);
        else if (live.expiresAt - clock.now() <= warnBeforeMs) warn(socket, live.expiresAt);
      }
    }
  }

  function end(socket: ChannelSocket): void {
    socket.emit('session:ended', { problem: problemOf(sessionOver()) });
    socket.disconnect(true);
  }

  function warn(socket: ChannelSocket, expiresAt: number): void {
    if (socket.data.warnedOf === expiresAt) return;
    socket.data.warnedOf = expiresAt;
    socket.emit('session:ending', { expiresAt });
  }
}
