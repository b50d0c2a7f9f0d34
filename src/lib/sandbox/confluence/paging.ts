import { jsonReply, wholeNumber, type PracticeReply, type PracticeRequest } from '../http.ts';
import type { ConfluenceWire } from './wire.ts';

/** One page of results in Confluence's shape; `_links.next` is there as long as more follow. */
export function pageOf(
  request: PracticeRequest,
  wire: ConfluenceWire,
  results: readonly unknown[],
): PracticeReply {
  const start = wholeNumber(request.query.get('start'), 0);
  const limit = Math.min(wholeNumber(request.query.get('limit'), 25) || 25, 200);
  const shown = results.slice(start, start + limit);
  const hasMore = start + limit < results.length;
  return jsonReply(200, {
    results: shown,
    start,
    limit,
    size: shown.length,
    _links: {
      self: `${wire.baseUrl}${pathWith(request, start, limit)}`,
      ...(hasMore ? { next: pathWith(request, start + limit, limit) } : {}),
      base: wire.baseUrl,
      context: wire.contextPath,
    },
  });
}

function pathWith(request: PracticeRequest, start: number, limit: number): string {
  const query = new URLSearchParams(request.query);
  query.set('start', String(start));
  query.set('limit', String(limit));
  return `${request.path}?${query.toString()}`;
}
