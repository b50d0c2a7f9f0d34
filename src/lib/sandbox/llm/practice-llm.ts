import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import { callTypeSchema } from '../../contracts/model-answer.ts';
import type { FaultPlan, Faults } from '../faults.ts';
import { jsonObject, readRequest, type RequestHandler } from '../http.ts';
import type { Ledger } from '../ledger.ts';
import type { People, PracticePerson } from '../people.ts';
import { lookUpFor, writeAnswer } from './practice-writer.ts';
import { inHabit } from './writing-habits.ts';

/** How fast the writer writes, in milliseconds. Zero in tests. */
export interface LlmPace {
  firstTokenMs: number;
  tokenMs: number;
}

export const readablePace: LlmPace = { firstTokenMs: 250, tokenMs: 9 };
/** Still a stream, but nobody can read along. */
export const quickPace: LlmPace = { firstTokenMs: 10, tokenMs: 1 };

const requestSchema = z.object({
  call: callTypeSchema.catch('draft'),
  messages: z.array(z.object({ role: z.string(), content: z.string() })).min(1),
  tools: z.array(z.object({ function: z.object({ name: z.string() }) })).default([]),
  stream: z.union([z.boolean(), z.string().transform((text) => text !== 'false')]).default(true),
});

/**
 * The practice model on the wire: `POST /v1/generate` with the cookie `session=<value>` answers server-sent events
 * (`data: {"delta":"..."}`, a usage frame, `data: [DONE]`), or one JSON body with `stream: false`. With `tools` it may
 * answer a question with `tool_calls` first, in the form of chat completions.
 * `GET /v1/whoami` names the cookie's owner.
 */
export function createPracticeLlm(deps: {
  people: People;
  faults: Faults;
  ledger: Ledger;
  pace?: LlmPace;
}): RequestHandler {
  const { people, faults, ledger, pace = readablePace } = deps;

  return async (req, res) => {
    const request = await readRequest(req, { contextPath: '' });
    if (!request) return refuse(res, 413, 'too_large', 'The prompt is larger than this writer reads.');
    const person = people.byLlmCookie(cookieValue(req));
    const seen = {
      product: 'llm' as const,
      method: request.method,
      path: request.path,
      person: person?.employeeId,
    };
    const body = jsonObject(request.body);
    const call = typeof body?.call === 'string' ? body.call : undefined;
    const plan = faults.take({ ...seen, target: 'llm', call });
    const record = (status: number | null) =>
      ledger.record({
        ...seen,
        applied: status === 200,
        status,
        body: request.body,
        fault: plan.effect?.kind ?? null,
      });
    if (plan.delayMs > 0) await wait(plan.delayMs);

    if (plan.effect && failBeforeWriting(res, plan.effect)) return void record(null);
    if (!person || person.account !== 'active') {
      record(401);
      return refuse(res, 401, 'cookie_invalid', 'The session cookie is missing or has expired.');
    }
    if (request.path === '/v1/whoami' && request.method === 'GET') {
      record(200);
      return sendJson(res, 200, whoAmI(person));
    }
    if (request.path !== '/v1/generate' || request.method !== 'POST') {
      record(404);
      return refuse(res, 404, 'not_found', 'This writer has POST /v1/generate and GET /v1/whoami.');
    }
    const parsed = requestSchema.safeParse(body);
    if (!parsed.success) {
      record(400);
      return refuse(
        res,
        400,
        'bad_request',
        `The body is not what this writer takes: ${z.prettifyError(parsed.error)}`,
      );
    }
    record(200);
    const { messages, stream, tools } = parsed.data;
    const toolCalls = wireCalls(
      lookUpFor(
        parsed.data.call,
        messages,
        tools.map((tool) => tool.function.name),
      ),
    );
    const written = toolCalls.length > 0 ? '' : writeAnswer(parsed.data.call, messages);
    const answer = plan.effect?.kind === 'scenario' ? inHabit(plan.effect.name, written) : written;
    const usage = {
      input: countTokens(messages.map(({ content }) => content).join(' ')),
      output: countTokens(answer),
    };
    if (!stream) return sendJson(res, 200, { text: answer, tool_calls: toolCalls, usage });
    await streamAnswer(res, { answer, toolCalls, usage, pace, plan });
  };
}

function wireCalls(calls: ReturnType<typeof lookUpFor>): object[] {
  return calls.map(({ name, input }, index) => ({
    index,
    id: `call-${name}-${index}`,
    type: 'function',
    function: { name, arguments: JSON.stringify(input) },
  }));
}

async function streamAnswer(
  res: ServerResponse,
  {
    answer,
    toolCalls,
    usage,
    pace,
    plan,
  }: { answer: string; toolCalls: object[]; usage: object; pace: LlmPace; plan: FaultPlan },
): Promise<void> {
  res.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' });
  res.flushHeaders();
  const gone = new AbortController();
  res.on('close', () => gone.abort());
  const tokens = answer.match(/\s*[^\s]{1,6}|\s+$/g) ?? [];
  const cutAt =
    plan.effect?.kind === 'cut-body' ? (plan.effect.afterBytes ?? Math.floor(answer.length / 2)) : Infinity;
  let sent = 0;
  await pause(pace.firstTokenMs, gone.signal);
  if (toolCalls.length > 0) res.write(`data: ${JSON.stringify({ tool_calls: toolCalls })}\n\n`);
  for (const token of tokens) {
    if (gone.signal.aborted) return;
    if (sent >= cutAt) return void res.destroy();
    sent += token.length;
    const flushed = res.write(`data: ${JSON.stringify({ delta: token })}\n\n`);
    if (!flushed && !(await drained(res, gone.signal))) return;
    await pause(pace.tokenMs, gone.signal);
  }
  res.write(`data: ${JSON.stringify({ usage })}\n\n`);
  res.end('data: [DONE]\n\n');
}

function failBeforeWriting(res: ServerResponse, effect: NonNullable<FaultPlan['effect']>): boolean {
  if (effect.kind === 'hang') return true;
  if (effect.kind === 'drop-before' || effect.kind === 'drop-after') {
    res.destroy();
    return true;
  }
  if (effect.kind === 'reply') {
    res.writeHead(effect.status, { 'content-type': 'application/json; charset=utf-8', ...effect.headers });
    res.end(effect.body ?? '');
    return true;
  }
  if (effect.kind !== 'malformed-body') return false;
  res.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
  res.end('data: {"delta": "{\\"stories\\": [\n\ndata: {broken\n\n');
  return true;
}

function whoAmI(person: PracticePerson): object {
  return {
    employeeId: person.employeeId,
    name: person.displayName,
    email: person.email,
    model: 'practice-writer',
  };
}

function cookieValue(req: IncomingMessage): string {
  const cookies = (req.headers.cookie ?? '').split(';').map((cookie) => cookie.trim());
  return cookies.find((cookie) => cookie.startsWith('session='))?.slice('session='.length) ?? '';
}

function refuse(res: ServerResponse, status: number, code: string, message: string): void {
  sendJson(res, status, { error: { code, message } });
}

function sendJson(res: ServerResponse, status: number, value: unknown): void {
  res.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
  res.end(JSON.stringify(value));
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  // The reader left: there is nothing to wait for, and nothing went wrong.
  if (ms > 0) await wait(ms, undefined, { signal }).catch(() => undefined);
}

/** Whether the reader took what was sent, before it left. */
function drained(res: ServerResponse, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    res.once('drain', () => resolve(true));
    signal.addEventListener('abort', () => resolve(false), { once: true });
  });
}

function countTokens(text: string): number {
  return Math.ceil(text.length / 4);
}
