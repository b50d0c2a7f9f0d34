import type { ProductConfig } from '../../settings/config-store.ts';
import type { OutgoingHttp, TlsTrust } from '../http/outgoing-request.ts';
import type { Breakers } from '../resilience.ts';
import { withRetries } from '../resilience.ts';
import { looksLikeMarkup, signInPage } from './answer-problems.ts';
import type { ModelRequest } from './model-request.ts';
import { refuseWrongAnswer } from './wrong-answer.ts';

/** A good answer whose first bytes are here. */
export interface OpenedAnswer {
  body: AsyncIterable<Uint8Array>;
  /**
   * To be called when the reader is done, at whatever point. What is left is drained for a moment, because most
   * gateways end the body right after the marker and the connection can then be used again; else it is cut off.
   */
  release(): void;
}

interface OpenAnswerDeps {
  http: OutgoingHttp;
  breakers: Breakers;
  clock: { now(): number };
}

interface Attempt {
  request: ModelRequest;
  tls: TlsTrust;
  limits: Pick<ProductConfig['config']['llm'], 'retry' | 'breaker' | 'timeouts'>;
  requestId: string;
  signal: AbortSignal;
}

/**
 * Calls the model until the first bytes of a good answer are here. Repeats only up to that point, so that no text is
 * ever passed on twice; the total limit covers all tries together.
 * @throws UpstreamError as answer-problems.ts tells them, `llm_paused` while the breaker is open.
 */
export function openAnswer(
  { http, breakers, clock }: OpenAnswerDeps,
  attempt: Attempt,
): Promise<OpenedAnswer> {
  const { request, limits, signal } = attempt;
  const remote = { key: new URL(request.url).origin, upstream: 'llm' as const };
  const { totalMs } = limits.timeouts;
  return withRetries(
    (leftMs) => breakers.run(remote, limits.breaker, () => tryOnce(leftMs)),
    { ...limits.retry, totalMs },
    signal,
  );

  async function tryOnce(leftMs: number): Promise<OpenedAnswer> {
    const stop = new AbortController();
    try {
      const response = await http.send({
        upstream: 'llm',
        method: request.method,
        url: request.url,
        headers: request.headers,
        body: request.body,
        tls: attempt.tls,
        timeouts: { ...limits.timeouts, totalMs: leftMs },
        requestId: attempt.requestId,
        signal: AbortSignal.any([signal, stop.signal]),
      });
      await refuseWrongAnswer(response, attempt, clock.now());
      const rest = response.body[Symbol.asyncIterator]();
      const first = await rest.next();
      if (!first.done && request.dialect.type !== 'text' && looksLikeMarkup(startOf(first.value))) {
        throw signInPage(response.status);
      }
      return { body: startingWith(first, rest), release: () => release(rest, stop) };
    } catch (error) {
      // Nobody will read the rest of a wrong answer.
      stop.abort();
      throw error;
    }
  }
}

async function* startingWith(
  first: IteratorResult<Uint8Array>,
  rest: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  for (let next = first; !next.done; next = await rest.next()) yield next.value;
}

const LONGEST_DRAIN_MS = 250;

function release(rest: AsyncIterator<Uint8Array>, stop: AbortController): void {
  const giveUp = setTimeout(() => stop.abort(), LONGEST_DRAIN_MS).unref();
  const drained = async () => {
    while (!(await rest.next()).done);
  };
  drained()
    // The answer is known by now: how its connection ends changes nothing.
    .catch(() => undefined)
    .finally(() => clearTimeout(giveUp));
}

function startOf(chunk: Uint8Array): string {
  return new TextDecoder().decode(chunk.subarray(0, 128));
}
