import { withSpan } from '../observability/tracing.ts';

interface PageRequest {
  request: Request;
  route: { id: string | null };
}

/** Answers a page request inside a span, which goes on with the trace of whoever sent it. */
export function tracedPage(
  { request, route }: PageRequest,
  requestId: string,
  answer: () => Promise<Response>,
): Promise<Response> {
  // The pattern and not the address: an address may hold what a person typed.
  const name = `${request.method} ${route.id ?? 'unknown'}`;
  const attributes = {
    'http.request.method': request.method,
    'http.route': route.id ?? undefined,
    'backlogue.request_id': requestId,
  };
  return withSpan(
    name,
    attributes,
    async (span) => {
      const response = await answer();
      span.setAttribute('http.response.status_code', response.status);
      return response;
    },
    { kind: 'server', incoming: traceHeaders(request.headers) },
  );
}

function traceHeaders(headers: Headers): Record<string, string> {
  const names = ['traceparent', 'tracestate'];
  return Object.fromEntries(
    names.flatMap((name) => [[name, headers.get(name)]]).filter(([, value]) => value),
  );
}
