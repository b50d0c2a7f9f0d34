import type { z } from 'zod';
import { UpstreamError } from '../../errors/app-error.ts';
import { unreadableProblem } from '../http/network-problem.ts';
import type { OutgoingHttp, OutgoingRequest, TlsTrust } from '../http/outgoing-request.ts';
import { withRetries } from '../resilience.ts';
import type { BreakerLimits, Breakers, Remote, RetryLimits } from '../resilience.ts';
import { answerProblem, parsedJson } from './answer-problem.ts';
import type { Answer } from './answer-problem.ts';

/** One person's way to one Jira or Confluence. Cheap to make: one for each piece of work. */
export interface RestDeps {
  http: OutgoingHttp;
  /** With its context path, without the slash at the end. */
  baseUrl: string;
  token: string;
  tls: TlsTrust;
  timeouts: OutgoingRequest['timeouts'];
  retry: RetryLimits;
  breaker: BreakerLimits;
  breakers: Breakers;
  requestId?: string;
  signal?: AbortSignal;
}

export interface RestCaller {
  /** A call that changes nothing: repeated while that may help. POST where a query does not fit into a URL. */
  read<T>(call: { method?: 'GET' | 'POST'; path: string; body?: unknown }, schema: z.ZodType<T>): Promise<T>;
  /** A call that changes something: sent once. `unknown` and `unreadable` mean that it may have happened. */
  write<T>(
    call: { method: 'POST' | 'PUT' | 'DELETE'; path: string; body?: unknown },
    schema: z.ZodType<T>,
  ): Promise<T>;
}

type Call = { method?: OutgoingRequest['method']; path: string; body?: unknown };

/** Largest answer that is read. A search for 100 issues with long descriptions stays far below. */
const MOST_BYTES = 16 * 1024 * 1024;

/** Sends JSON with a bearer token below `baseUrl`, and turns every answer into the parsed shape or an UpstreamError. */
export function createRestCaller(upstream: 'jira' | 'confluence', deps: RestDeps): RestCaller {
  const remote = productRemote(upstream, deps.baseUrl);
  const { totalMs } = deps.timeouts;
  const guarded = <T>(call: Call, schema: z.ZodType<T>, leftMs: number) =>
    deps.breakers.run(remote, deps.breaker, () => once(call, schema, leftMs));

  async function once<T>(call: Call, schema: z.ZodType<T>, leftMs: number): Promise<T> {
    const answer = await send(call, leftMs);
    const problem = answerProblem(answer, Date.now());
    if (problem) throw withoutToken(problem, deps.token);
    // 204, and the empty 200 and 201 of some writes.
    const json = answer.text.trim() === '' ? undefined : parsedJson(answer);
    const parsed = schema.safeParse(json);
    if (parsed.success) return parsed.data;
    const what = 'answered in a shape that was not expected';
    throw unreadableProblem(upstream, what, { cause: parsed.error, status: answer.status });
  }

  async function send(call: Call, leftMs: number): Promise<Answer> {
    const response = await deps.http.send({
      upstream,
      method: call.method ?? 'GET',
      url: deps.baseUrl + call.path,
      headers: {
        accept: 'application/json',
        authorization: `Bearer ${deps.token}`,
        // Writes by a program, not by a form of another site: both products ask for it on some paths.
        'x-atlassian-token': 'no-check',
        ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      body: call.body === undefined ? undefined : JSON.stringify(call.body),
      tls: deps.tls,
      timeouts: { ...deps.timeouts, totalMs: leftMs },
      requestId: deps.requestId,
      signal: deps.signal,
    });
    const { status, headers } = response;
    return { upstream, status, headers, text: await response.text(MOST_BYTES) };
  }

  return {
    read: (call, schema) =>
      withRetries((leftMs) => guarded(call, schema, leftMs), { ...deps.retry, totalMs }, deps.signal),
    write: (call, schema) => {
      deps.signal?.throwIfAborted();
      return guarded(call, schema, totalMs);
    },
  };
}

/** One Jira or Confluence as its breaker knows it, for everybody who calls it there. */
export function productRemote(upstream: 'jira' | 'confluence', baseUrl: string): Remote {
  return { key: `${upstream} ${baseUrl}`, upstream };
}

/** Some gateways repeat the request in their error text. */
function withoutToken(problem: UpstreamError, token: string): UpstreamError {
  if (token === '' || !problem.message.includes(token)) return problem;
  return new UpstreamError(problem.code, problem.message.replaceAll(token, '[token]'), {
    upstream: problem.upstream,
    kind: problem.kind,
    status: problem.status,
    retryAfterMs: problem.retryAfterMs,
    hint: problem.hint,
  });
}
