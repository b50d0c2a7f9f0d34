import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { IncomingMessage, ServerResponse } from 'node:http';

/** A year, as ASVS 3.4.1 wants it. */
export const strictTransportSecurity = 'max-age=31536000';

/**
 * Puts headers on every answer of this process's HTTP servers before anybody else sees the request. The node adapter
 * serves the files of the build without asking SvelteKit, so `security-headers.ts` never meets those.
 * @returns the call that ends it
 */
export function coverEveryAnswer({ origin }: { origin: string }): () => void {
  const overTls = origin.startsWith('https:');
  const cover = (message: unknown) => {
    const { request, response } = message as { request: IncomingMessage; response: ServerResponse };
    response.setHeader('X-Content-Type-Options', 'nosniff');
    const type = textTypeOf(request.url ?? '');
    if (type !== null) nameType(response, type);
    if (overTls) response.setHeader('Strict-Transport-Security', strictTransportSecurity);
  };
  subscribe(requestStarts, cover);
  return () => void unsubscribe(requestStarts, cover);
}

/**
 * Texts of the build by their ending. The adapter keeps a type that is set already, and names no charset itself (ASVS
 * 4.1.1); whoever answers with something else at such an address sets its own.
 */
const textTypes: Record<string, string> = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml; charset=utf-8',
};

/** SvelteKit says of a file that is not there in plain words, and names no type for them. */
function nameType(response: ServerResponse, type: string): void {
  response.setHeader('Content-Type', type);
  const writeHead = response.writeHead.bind(response) as (...head: unknown[]) => ServerResponse;
  response.writeHead = (status: number, ...head: unknown[]) => {
    if (status >= 400 && response.getHeader('Content-Type') === type)
      response.setHeader('Content-Type', 'text/plain; charset=utf-8');
    return writeHead(status, ...head);
  };
}

function textTypeOf(url: string): string | null {
  const ending = /^[^?#]*\.([a-z]+)(?:[?#]|$)/.exec(url)?.[1] ?? '';
  return Object.hasOwn(textTypes, ending) ? (textTypes[ending] ?? null) : null;
}

/** Node's own, published before the server's handlers run (documentation of `diagnostics_channel`, HTTP). */
const requestStarts = 'http.server.request.start';
