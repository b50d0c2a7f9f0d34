import autocannon from 'autocannon';
import type { Visitor } from '../support/page-visitor.ts';
import type { ProductProcess } from './product-process.ts';

export interface EndpointFigures {
  name: string;
  path: string;
  requestsPerSecond: number;
  p50Ms: number;
  p99Ms: number;
}

const CONNECTIONS = 10;
const ENDPOINTS = [
  { name: 'Dashboard', path: '/dashboard' },
  { name: 'Conversation list', path: '/creator' },
  { name: 'Job status', path: '/api/jobs' },
  { name: 'Health', path: '/healthz' },
];

/**
 * Asks each read-only endpoint as fast as it answers, as one signed-in person, ten requests at a time.
 * @throws when any answer is not a 2xx: a redirect to the sign-in page would be fast, and no figure.
 */
export async function measureReadEndpoints(
  { url }: ProductProcess,
  person: Visitor,
  seconds: number,
): Promise<EndpointFigures[]> {
  const figures: EndpointFigures[] = [];
  for (const { name, path } of ENDPOINTS) {
    const { requests, latency, errors, timeouts, non2xx } = await autocannon({
      url: url + path,
      connections: CONNECTIONS,
      duration: seconds,
      headers: { cookie: person.cookieHeader() },
    });
    if (errors + timeouts + non2xx > 0)
      throw new Error(`${path}: ${non2xx} refusals, ${errors} errors, ${timeouts} without an answer.`);
    figures.push({ name, path, requestsPerSecond: requests.average, p50Ms: latency.p50, p99Ms: latency.p99 });
  }
  return figures;
}
