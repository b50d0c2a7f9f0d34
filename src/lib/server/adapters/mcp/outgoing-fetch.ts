import type { OutgoingHttp, OutgoingRequest, TlsTrust } from '../http/outgoing-request.ts';

interface OutgoingFetchDeps {
  http: OutgoingHttp;
  tls: TlsTrust;
  timeouts: OutgoingRequest['timeouts'];
}

/** Statuses whose responses must not carry a body (Fetch standard, "null body status"). */
const WITHOUT_BODY = new Set([204, 205, 304]);

/** `fetch` for the MCP SDK's HTTP transport over our own way out: URL guard, TLS trust and limits hold there too. */
export function createOutgoingFetch({ http, tls, timeouts }: OutgoingFetchDeps) {
  return async (url: string | URL, init: RequestInit = {}): Promise<Response> => {
    const method = methodOf(init.method);
    const response = await http.send({
      upstream: 'mcp',
      method,
      url: String(url),
      headers: Object.fromEntries(new Headers(init.headers)),
      body: typeof init.body === 'string' ? init.body : undefined,
      signal: init.signal ?? undefined,
      tls,
      // A GET is the standing stream of the server's own messages: silence on it is no fault.
      timeouts: method === 'GET' ? { ...timeouts, firstByteMs: 0, idleMs: 0, totalMs: 0 } : timeouts,
    });
    const headers = new Headers(response.headers);
    // The body is decompressed already.
    headers.delete('content-encoding');
    headers.delete('content-length');
    if (WITHOUT_BODY.has(response.status)) {
      await response.text(0).catch(() => {});
      return new Response(null, { status: response.status, headers });
    }
    return new Response(streamOf(response.body), { status: response.status, headers });
  };
}

function methodOf(method: string | undefined): OutgoingRequest['method'] {
  return method === 'POST' || method === 'DELETE' || method === 'PUT' ? method : 'GET';
}

function streamOf(body: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array> {
  const pieces = body[Symbol.asyncIterator]();
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await pieces.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    async cancel() {
      await pieces.return?.();
    },
  });
}
