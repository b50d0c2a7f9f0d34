import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type RequestHandler = (req: IncomingMessage, res: ServerResponse) => void | Promise<void>;

/** A request read to its end, with the context path taken off. */
export interface PracticeRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

/** An answer as a value, so that a fault can still stop it from being sent. */
export interface PracticeReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** What the request made or changed, for the ledger. */
  readonly key?: string | undefined;
}

export interface ListeningServer {
  /** `http://127.0.0.1:<port>`, without a trailing slash. */
  readonly origin: string;
  /** Ends every connection, kept-alive and hanging ones too. */
  close(): Promise<void>;
}

/**
 * Listens on loopback only. The handler is made once the port is known, since answers name their own address.
 * @throws the listen error, so that a taken port says `EADDRINUSE`.
 */
export async function listenOnLoopback(
  port: number,
  createHandler: (origin: string) => RequestHandler,
): Promise<ListeningServer> {
  const server = createServer();
  const origin = await new Promise<string>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    });
  });
  const handler = createHandler(origin);
  server.on('request', (req: IncomingMessage, res: ServerResponse) => {
    Promise.resolve()
      .then(() => handler(req, res))
      .catch((error: unknown) => failLoudly(error, res));
  });
  return { origin, close: () => closeServer(server) };
}

/**
 * Reads a request and takes the context path off its path.
 * @returns null for a body beyond `maxBytes`, and where the path lies outside the context path.
 */
export async function readRequest(
  req: IncomingMessage,
  options: { contextPath: string; maxBytes?: number },
): Promise<PracticeRequest | null> {
  const url = URL.parse(req.url ?? '/', 'http://127.0.0.1');
  const path = url && withoutContextPath(url.pathname, options.contextPath);
  const body = await readBody(req, options.maxBytes ?? 8 * 1024 * 1024);
  if (!url || path === null || !body) return null;
  return { method: req.method ?? 'GET', path, query: url.searchParams, headers: req.headers, body };
}

export function jsonReply(status: number, value: unknown, key?: string): PracticeReply {
  const headers = { 'content-type': 'application/json;charset=UTF-8' };
  return { status, headers, body: JSON.stringify(value), key };
}

/** 204: done, and nothing to say. */
export function emptyReply(key?: string): PracticeReply {
  return { status: 204, headers: {}, body: '', key };
}

/** The parsed JSON object of a body, or null if it is anything else. */
export function jsonObject(body: Buffer): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A whole number from a query or body, or the default where it is absent or not one; never below zero. */
export function wholeNumber(value: unknown, fallback: number): number {
  if (value === null || value === undefined || value === '') return fallback;
  const number = Number(value);
  return Number.isSafeInteger(number) && number >= 0 ? number : fallback;
}

function withoutContextPath(pathname: string, contextPath: string): string | null {
  if (contextPath === '') return pathname;
  if (pathname === contextPath) return '/';
  return pathname.startsWith(`${contextPath}/`) ? pathname.slice(contextPath.length) : null;
}

async function readBody(req: IncomingMessage, maxBytes: number): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of req as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= maxBytes) chunks.push(chunk);
  }
  return size <= maxBytes ? Buffer.concat(chunks) : null;
}

// A defect of the sandbox must look like one, and must not take the process down.
function failLoudly(error: unknown, res: ServerResponse): void {
  if (res.destroyed) return;
  if (res.headersSent) {
    res.destroy();
    return;
  }
  const message = error instanceof Error ? error.message : String(error);
  res.writeHead(500, { 'content-type': 'text/plain;charset=UTF-8' });
  res.end(`The practice server failed: ${message}`);
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
