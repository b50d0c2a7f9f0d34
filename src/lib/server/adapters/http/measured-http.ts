import type { Metrics } from '../../observability/metrics.ts';
import { withSpan } from '../../observability/tracing.ts';
import { UpstreamError } from '../../errors/app-error.ts';
import type { OutgoingHttp, OutgoingRequest } from './outgoing-request.ts';

/**
 * Gives each call a span (which the other side gets to know as its parent) and a place in the metrics. Both end with
 * the headers of the answer: how long a body streams is its reader's business. Queries stay out, they may quote people.
 */
export function measuredHttp(http: OutgoingHttp, metrics: Pick<Metrics, 'upstreamCalls'>): OutgoingHttp {
  return {
    ...http,
    send(request) {
      const done = metrics.upstreamCalls.startTimer({ upstream: request.upstream });
      return withSpan(
        `${request.method} ${request.upstream}`,
        attributesOf(request),
        async (span) => {
          try {
            const response = await http.send(request);
            span.setAttribute('http.response.status_code', response.status);
            done({ outcome: `${Math.floor(response.status / 100)}xx` });
            return response;
          } catch (error) {
            done({ outcome: error instanceof UpstreamError ? error.kind : 'stopped' });
            throw error;
          }
        },
        { kind: 'client' },
      );
    },
  };
}

function attributesOf({ method, url, upstream, requestId }: OutgoingRequest) {
  const target = URL.parse(url);
  return {
    'http.request.method': method,
    'server.address': target?.hostname,
    'server.port':
      target === null ? undefined : Number(target.port || (target.protocol === 'https:' ? 443 : 80)),
    'url.path': target?.pathname,
    'backlogue.upstream': upstream,
    'backlogue.request_id': requestId,
  };
}
