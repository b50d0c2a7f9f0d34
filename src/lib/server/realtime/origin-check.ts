import type { IncomingMessage } from 'node:http';

/**
 * Whether a request may open the channel. Browsers name the page's origin, and it must be one of ours to the letter.
 * Only a same-origin polling request comes without one; the browser vouches for that in a header no page can set.
 * Synchronous, since on uWebSockets.js a client that leaves during an asynchronous check ends the process.
 */
export function isAllowedOrigin(
  { headers }: Pick<IncomingMessage, 'headers'>,
  origins: readonly string[],
): boolean {
  const { origin } = headers;
  if (origin !== undefined) return origins.includes(origin);
  const upgrades = headers.upgrade !== undefined;
  return !upgrades && headers['sec-fetch-site'] === 'same-origin';
}
