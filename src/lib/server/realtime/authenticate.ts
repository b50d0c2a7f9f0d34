import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import { channelVersion, handshakeAuthSchema } from '../../contracts/socket-events.ts';
import { ConflictError, UnauthenticatedError } from '../errors/app-error.ts';
import { toAck } from '../errors/to-ack.ts';
import type { ChannelServices, ChannelSocket } from './channel-server.ts';
import { clientAddress } from '../web/client-address.ts';
import type { createConnectionCounter } from '../security/connection-limits.ts';

interface AuthenticateDeps {
  session: ChannelServices['session'];
  /** The session cookie's name on this origin. */
  cookieName: string;
  /** Trusted proxies in front that append to `X-Forwarded-For`. */
  proxies: number;
  connections: ReturnType<typeof createConnectionCounter>;
  log: Logger;
}

/** Lets a socket in that comes with a live session and from a page of this version; the error carries a Problem. */
export function createAuthenticate({ session, cookieName, proxies, connections, log }: AuthenticateDeps) {
  return (socket: ChannelSocket, next: (error?: Error & { data?: unknown }) => void): void => {
    const requestId = randomUUID();
    admit(socket, requestId).then(
      () => next(),
      (error: unknown) => {
        const { problem } = toAck(error, { requestId, log });
        next(Object.assign(new Error(problem.code), { data: problem }));
      },
    );
  };

  async function admit(socket: ChannelSocket, requestId: string): Promise<void> {
    requireSameVersion(socket.handshake.auth);
    const cookie = cookieValue(socket.handshake.headers.cookie, cookieName);
    const live = await session.authenticate(cookie);
    if (!live) throw sessionOver();
    const { id: userId, employeeId, role } = live.user;
    const { address: peer, headers } = socket.handshake;
    const forwardedFor = new Headers({ 'x-forwarded-for': String(headers['x-forwarded-for'] ?? '') });
    const address = clientAddress(forwardedFor, peer, proxies);
    const release = connections.take({ userId, address });
    socket.once('disconnect', release);
    // A client that left while its session was looked up is never told `disconnect`.
    socket.conn.once('close', release);
    socket.data = { sessionId: live.sessionId, actor: { userId, employeeId, role, requestId } };
  }
}

export function sessionOver(): UnauthenticatedError {
  return new UnauthenticatedError(
    'session_over',
    'Your session is over. What you wrote is kept on this page.',
    {
      hint: 'Sign in again to go on.',
    },
  );
}

function requireSameVersion(auth: unknown): void {
  const claimed = handshakeAuthSchema.safeParse(auth);
  if (claimed.success && claimed.data.channelVersion === channelVersion) return;
  throw new ConflictError('reload', 'This page is from another version of Backlogue.', {
    hint: 'Reload the page.',
  });
}

/** One cookie of a Cookie header. Of several with one name the first counts, as the browser sends the closest first. */
function cookieValue(header: string | undefined, name: string): string | undefined {
  for (const pair of header?.split(';') ?? []) {
    const equals = pair.indexOf('=');
    if (equals === -1 || pair.slice(0, equals).trim() !== name) continue;
    return pair.slice(equals + 1).trim();
  }
  return undefined;
}
