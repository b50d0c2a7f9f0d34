import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { ServerResponse } from 'node:http';

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
    const { response } = message as { response: ServerResponse };
    response.setHeader('X-Content-Type-Options', 'nosniff');
    if (overTls) response.setHeader('Strict-Transport-Security', strictTransportSecurity);
  };
  subscribe(requestStarts, cover);
  return () => void unsubscribe(requestStarts, cover);
}

/** Node's own, published before the server's handlers run (documentation of `diagnostics_channel`, HTTP). */
const requestStarts = 'http.server.request.start';
