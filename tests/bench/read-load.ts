import autocannon from 'autocannon';
import type { Visitor } from '../support/page-visitor.ts';
import type { ProductProcess } from './product-process.ts';

export interface ReadEndpoint {
  name: string;
  path: string;
  kind: 'page' | 'list';
  /** Many people with a key each: one alone would meet their rate limit of 20 requests a second. */
  askedBy?: 'keyHolders';
}

/** The read-only endpoints: two whole pages, and small JSON answers. */
export const readOnlyEndpoints: readonly ReadEndpoint[] = [
  { name: 'Dashboard', path: '/dashboard', kind: 'page' },
  { name: 'Conversation list', path: '/creator', kind: 'page' },
  { name: 'Job status', path: '/api/jobs', kind: 'list' },
  { name: 'Conversations (API)', path: '/api/conversations', kind: 'list', askedBy: 'keyHolders' },
  { name: 'Health', path: '/healthz', kind: 'list' },
];

export interface LoadFigures extends ReadEndpoint {
  /** Requests a second that were asked for; null for as many as are answered. */
  rate: number | null;
  requestsPerSecond: number;
  p50Ms: number;
  /** The 97.5th percentile, the nearest that the tool keeps; the true 95th is no higher. */
  p95Ms: number;
  p99Ms: number;
}

const CONNECTIONS = 10;

/**
 * Asks one endpoint over ten connections: as one signed-in person, or in turn with the keys of many.
 * @throws when any answer is not a 2xx: a redirect to the sign-in page would be fast, and no figure
 */
export async function measureReadLoad(
  { url }: ProductProcess,
  { person, keys }: { person: Visitor; keys: string[] },
  endpoint: ReadEndpoint,
  { seconds, rate }: { seconds: number; rate: number | null },
): Promise<LoadFigures> {
  const { requests, latency, errors, timeouts, non2xx } = await autocannon({
    url: url + endpoint.path,
    connections: CONNECTIONS,
    duration: seconds,
    ...(endpoint.askedBy === 'keyHolders'
      ? { requests: keys.map((key) => ({ headers: { authorization: `Bearer ${key}` } })) }
      : { headers: { cookie: person.cookieHeader() } }),
    ...(rate === null ? {} : { overallRate: rate }),
  });
  if (errors + timeouts + non2xx > 0)
    throw new Error(`${endpoint.path}: ${non2xx} refusals, ${errors} errors, ${timeouts} without an answer.`);
  return {
    ...endpoint,
    rate,
    requestsPerSecond: requests.average,
    p50Ms: latency.p50,
    p95Ms: latency.p97_5,
    p99Ms: latency.p99,
  };
}
