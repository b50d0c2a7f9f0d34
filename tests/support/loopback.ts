import { createServer } from 'node:http';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';

export type Answering = (request: IncomingMessage, response: ServerResponse) => unknown;

/** Real servers on loopback for one test file. `close` ends them and their connections, so call it after each test. */
export function createLoopback() {
  const open: (() => unknown)[] = [];

  /** Starts a server on a free port and returns its port. */
  async function listen(server: Server): Promise<number> {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    open.push(() => server.close());
    return (server.address() as AddressInfo).port;
  }

  return {
    listen,
    /** Answers HTTP; returns the origin with its slash. */
    async serve(answer: Answering): Promise<string> {
      const server = createServer(answer as RequestListener);
      const port = await listen(server);
      open.push(() => server.closeAllConnections());
      return `http://127.0.0.1:${port}/`;
    },
    /** An origin on which nobody listens any more. */
    async nobody(): Promise<string> {
      const server = createTcpServer();
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const { port } = server.address() as AddressInfo;
      await new Promise((resolve) => server.close(resolve));
      return `http://127.0.0.1:${port}/`;
    },
    /** Whatever else the test opened ends with it. */
    closing<T extends { close(): unknown }>(resource: T): T {
      open.push(() => resource.close());
      return resource;
    },
    async close(): Promise<void> {
      for (const end of open.splice(0).reverse()) await end();
    },
  };
}

export async function readBody(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  return Buffer.concat(pieces).toString();
}
