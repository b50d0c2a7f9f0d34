import { randomUUID } from 'node:crypto';

/** The caller's `X-Request-ID` where it is a plain short word (it goes into logs and headers), else a new one. */
export function acceptRequestId(given: string | null): string {
  return given !== null && /^[A-Za-z0-9][A-Za-z0-9._-]{7,63}$/.test(given) ? given : randomUUID();
}
