import type { IncomingHttpHeaders } from 'node:http';
import { context, propagation } from '@opentelemetry/api';
import { UpstreamError } from '../../errors/app-error.ts';
import { correlation } from '../../observability/correlation.ts';
import type { UrlGuard } from '../../security/url-guard.ts';
import type { CallOut } from './call-out.ts';
import { acceptedEncodings, decompressedBody } from './decompressed-body.ts';
import { Exchange } from './exchange.ts';
import { deniedProblem, unreadableProblem } from './network-problem.ts';
import type { OutgoingHttp, OutgoingRequest, OutgoingResponse } from './outgoing-request.ts';
import { AddressDenied, createTrustedAgents } from './trusted-agents.ts';

interface OutgoingHttpDeps {
  guard: UrlGuard;
  /** Told once for each call that was let out, when its answer begins or it has failed. */
  onCall?: (call: CallOut) => void;
  /** The system's name resolution, unless a test answers in its place. */
  lookup?: Parameters<typeof createTrustedAgents>[1];
}

/** Makes the process's way out. See `OutgoingHttp` for what `send` promises. */
export function createOutgoingHttp({ guard, onCall, lookup }: OutgoingHttpDeps): OutgoingHttp {
  const agents = createTrustedAgents(guard, lookup);

  async function send(request: OutgoingRequest): Promise<OutgoingResponse> {
    request.signal?.throwIfAborted();
    const url = allowedUrl(request, guard);
    const startedAt = performance.now();
    const exchange = new Exchange(
      { upstream: request.upstream, host: url.host },
      request.timeouts,
      request.signal,
    );
    const { requestId, userId } = correlation();
    const tell = (outcome: string, status: number | null) =>
      onCall?.({
        upstream: request.upstream,
        method: request.method,
        target: url.origin + url.pathname,
        status,
        duration_ms: Math.round(performance.now() - startedAt),
        outcome,
        x_request_id: request.requestId ?? requestId,
        user_id: userId,
      });
    dispatch(request, url, exchange);
    try {
      const head = await exchange.head;
      tell('answered', head.status);
      return toResponse(request.upstream, head, exchange);
    } catch (error) {
      const problem = denialInside(error) ?? error;
      tell(problem instanceof UpstreamError ? problem.code : 'stopped', null);
      throw problem;
    }
  }

  function dispatch(request: OutgoingRequest, url: URL, exchange: Exchange): void {
    try {
      agents.agentFor(request.tls, request.timeouts.connectMs).dispatch(
        {
          origin: url.origin,
          path: url.pathname + url.search,
          method: request.method,
          headers: outgoingHeaders(request),
          body: request.body ?? null,
        },
        exchange,
      );
    } catch (error) {
      exchange.fail(error);
    }
  }

  return { send, close: () => agents.close() };
}

function allowedUrl(request: OutgoingRequest, guard: UrlGuard): URL {
  const reason = guard.refuseUrl(request.url);
  if (reason !== null) throw deniedProblem(request.upstream, reason);
  return new URL(request.url);
}

/** The caller's headers win, but for those that name this request in logs and traces. */
function outgoingHeaders(request: OutgoingRequest): Record<string, string> {
  const headers: Record<string, string> = { 'accept-encoding': acceptedEncodings, 'user-agent': 'Backlogue' };
  for (const [name, value] of Object.entries(request.headers)) headers[name.toLowerCase()] = value;
  const requestId = request.requestId ?? correlation().requestId;
  if (requestId !== null) headers['x-request-id'] = requestId;
  propagation.inject(context.active(), headers);
  return headers;
}

function toResponse(
  upstream: OutgoingRequest['upstream'],
  head: { status: number; headers: IncomingHttpHeaders },
  exchange: Exchange,
): OutgoingResponse {
  const headers = flatHeaders(head.headers);
  const body = decompressedBody(exchange.body(), headers['content-encoding'] ?? '', upstream);
  return { status: head.status, headers, body, text: (limitBytes) => readText(upstream, body, limitBytes) };
}

function flatHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) flat[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : value;
  }
  return flat;
}

async function readText(
  upstream: OutgoingRequest['upstream'],
  body: AsyncIterable<Uint8Array>,
  limitBytes: number,
): Promise<string> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of body) {
    bytes += piece.byteLength;
    if (bytes > limitBytes) throw unreadableProblem(upstream, `answered with more than ${limitBytes} bytes`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString('utf8');
}

/** The guard's word at connect time, which reaches us as the cause of a connection that failed. */
function denialInside(error: unknown): UpstreamError | null {
  if (!(error instanceof UpstreamError) || !(error.cause instanceof AddressDenied)) return null;
  return deniedProblem(error.upstream, error.cause.message);
}
