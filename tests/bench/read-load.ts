import autocannon from 'autocannon';
import type { Visitor } from '../support/page-visitor.ts';
import { askAtPace } from './paced-load.ts';
import type { ProductProcess } from './product-process.ts';
import { quantiles } from './quantiles.ts';

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
  /** As fast as it answers: the 97.5th percentile, the nearest that autocannon keeps; the true 95th is no higher. */
  p95Ms: number;
  p99Ms: number;
}

const CONNECTIONS = 10;

/**
 * Asks one endpoint over ten connections, as fast as it answers or at an even rate: as one signed-in person, or in turn
 * with the keys of many.
 * @throws when any answer is not a 2xx: a redirect to the sign-in page would be fast, and no figure
 */
export async function measureReadLoad(
  { url }: ProductProcess,
  { person, keys }: { person: Visitor; keys: string[] },
  endpoint: ReadEndpoint,
  { seconds, rate }: { seconds: number; rate: number | null },
): Promise<LoadFigures> {
  const headers =
    endpoint.askedBy === 'keyHolders'
      ? keys.map((key) => ({ authorization: `Bearer ${key}` }))
      : [{ cookie: person.cookieHeader() }];
  const target = url + endpoint.path;
  const figures =
    rate === null
      ? await asFastAsItAnswers(target, headers, seconds)
      : await evenly(target, headers, seconds, rate);
  return { ...endpoint, rate, ...figures };
}

type Headers = Record<string, string>[];

async function asFastAsItAnswers(url: string, headers: Headers, seconds: number) {
  const { requests, latency, errors, timeouts, non2xx } = await autocannon({
    url,
    connections: CONNECTIONS,
    duration: seconds,
    requests: headers.map((one) => ({ headers: one })),
  });
  if (errors + timeouts + non2xx > 0)
    throw new Error(`${url}: ${non2xx} refusals, ${errors} errors, ${timeouts} without an answer.`);
  return {
    requestsPerSecond: requests.average,
    p50Ms: latency.p50,
    p95Ms: latency.p97_5,
    p99Ms: latency.p99,
  };
}

async function evenly(url: string, headers: Headers, seconds: number, perSecond: number) {
  const headersOf = (request: number) => headers[request % headers.length] ?? {};
  const load = { perSecond, seconds, connections: CONNECTIONS };
  const { latenciesMs, durationMs } = await askAtPace(url, headersOf, load);
  const { p50, p95, p99, count } = quantiles(latenciesMs);
  const rounded = (ms: number) => Math.round(ms * 10) / 10;
  return {
    requestsPerSecond: (count * 1_000) / durationMs,
    p50Ms: rounded(p50),
    p95Ms: rounded(p95),
    p99Ms: rounded(p99),
  };
}
