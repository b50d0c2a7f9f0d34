import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo, Socket } from 'node:net';
import type { Server, ServerOptions } from 'socket.io';
import type * as Uws from 'uWebSockets.js';

export type SocketEngineName = 'uws' | 'ws';

export interface SocketEngine {
  name: SocketEngineName;
  /** Why this one, in a sentence for the start-up summary. */
  reason: string;
  /** Puts a Socket.IO server on it and listens; resolves to the port. */
  listen(io: Server, address: { host: string; port: number }): Promise<number>;
  /** Stops listening and lets go of every connection. */
  close(): Promise<void>;
}

/**
 * Bytes that uWebSockets.js holds for one slow connection. Its default of 64 KiB is less than one batch of a replay,
 * and beyond it messages are dropped without a word while the connection stays up.
 */
const maxBackpressure = 16 * 1024 * 1024;

/**
 * The engine that serves the channel. `auto` takes uWebSockets.js where it loads and `ws` elsewhere; `uws` by name
 * fails where it does not load, with the reason.
 */
export function chooseSocketEngine(wanted: 'auto' | SocketEngineName): SocketEngine {
  if (wanted === 'ws') return wsEngine('ws, as set.');
  const loaded = loadUws();
  if ('uws' in loaded)
    return uwsEngine(loaded.uws, wanted === 'uws' ? 'uWebSockets.js, as set.' : 'uWebSockets.js.');
  if (wanted === 'uws') throw new Error(`SOCKET_ENGINE is uws, but ${loaded.reason} Set it to auto or ws.`);
  return wsEngine(loaded.reason);
}

/** How long a client may take to say goodbye; one that is frozen or gone would hold a stop for half a minute. */
const goodbyeMs = 500;

function wsEngine(reason: string): SocketEngine {
  const server = createServer((_request, response) => {
    response.writeHead(404).end();
  });
  const connections = new Set<Socket>();
  server.on('connection', (connection: Socket) => {
    connections.add(connection);
    connection.once('close', () => connections.delete(connection));
  });
  return {
    name: 'ws',
    reason,
    async listen(io, { host, port }) {
      io.attach(server);
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, host, () => resolve());
      });
      return (server.address() as AddressInfo).port;
    },
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      const cut = setTimeout(() => connections.forEach((connection) => connection.destroy()), goodbyeMs);
      await closed;
      clearTimeout(cut);
    },
  };
}

/** `attachApp` patches Socket.IO's adapter for the whole process: with this engine, one channel a process. */
function uwsEngine(uws: typeof Uws, reason: string): SocketEngine {
  const app = uws.App();
  let listening: Uws.us_listen_socket | null = null;
  return {
    name: 'uws',
    reason,
    listen(io, { host, port }) {
      // Socket.IO hands it on to uWebSockets.js, though its own type does not name it.
      const options: Partial<ServerOptions> & { maxBackpressure: number } = { maxBackpressure };
      io.attachApp(app, options);
      app.any('/*', (response) => {
        response.writeStatus('404 Not Found').end();
      });
      return new Promise((resolve, reject) => {
        app.listen(host, port, (token) => {
          if (!token)
            return reject(new Error(`The channel cannot listen on ${host}:${port}: the port is taken.`));
          listening = token;
          resolve(uws.us_socket_local_port(token));
        });
      });
    },
    async close() {
      if (listening) uws.us_listen_socket_close(listening);
      listening = null;
      app.close();
    },
  };
}

type Loaded = { uws: typeof Uws } | { reason: string };

function loadUws(): Loaded {
  try {
    // Not an import: a bundler must leave it alone, and it may be missing.
    return { uws: createRequire(import.meta.url)('uWebSockets.js') as typeof Uws };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const glibc = /GLIBC_([\d.]+)' not found/.exec(message)?.[1];
    if (glibc)
      return { reason: `uWebSockets.js needs glibc ${glibc} or newer, which this system does not have.` };
    if (/Cannot find module/.test(message)) return { reason: 'uWebSockets.js is not installed.' };
    return { reason: `uWebSockets.js does not load here (${message.split('\n')[0]}).` };
  }
}
