import { timingSafeEqual, createHash } from 'node:crypto';

interface Reader {
  headers: Headers;
  /** The other end of the connection itself, whatever headers say. */
  connectionAddress: string;
}

/**
 * Whether somebody may read the metrics: with the token where one is set, else only from this machine and not through
 * a proxy, which would make the whole world look like it.
 */
export function mayReadMetrics({ headers, connectionAddress }: Reader, token: string | null): boolean {
  if (token !== null) return sameText(headers.get('authorization') ?? '', `Bearer ${token}`);
  const cameThroughProxy = headers.has('x-forwarded-for') || headers.has('forwarded') || headers.has('via');
  return !cameThroughProxy && /^(?:::ffff:)?127\.|^::1$/.test(connectionAddress);
}

/** Hashes have one length, so that nothing is told by how long the comparison takes. */
function sameText(given: string, expected: string): boolean {
  const [one, other] = [given, expected].map((text) => createHash('sha256').update(text).digest());
  return one !== undefined && other !== undefined && timingSafeEqual(one, other);
}
