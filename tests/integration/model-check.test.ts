import type { IncomingMessage, ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { callTypeSchema } from '../../src/lib/contracts/model-answer.ts';
import { modelChecks, type ModelFinding } from '../../src/lib/contracts/model-check.ts';
import { writeAnswer } from '../../src/lib/sandbox/llm/practice-writer.ts';
import { runSelfTest } from '../../src/lib/server/adapters/llm/self-test.ts';
import { whoAmI } from '../../src/lib/server/adapters/llm/who-am-i.ts';
import { createModelCheck } from '../../src/lib/server/services/model-check.ts';
import type { ModelCheckService } from '../../src/lib/server/services/model-services.ts';
import type { Actor, AuditEntry } from '../../src/lib/server/services/services.ts';
import { POST } from '../../src/routes/(app)/configurations/model-check/+server.ts';
import { createLoopback } from '../support/loopback.ts';
import {
  deltas,
  gatewayCookie,
  jsonBody,
  openGateway,
  shippedConfig,
  stream,
} from '../support/scripted-gateway.ts';

const loopback = createLoopback();
afterEach(() => loopback.close());

const ada: Actor = { userId: 'user-ada', employeeId: 'E10421', role: 'user', requestId: 'request-1' };
const done = 'data: [DONE]\n\n';

/** Delivers one good answer in a way of its own, or something else altogether. */
type Delivery = (response: ServerResponse, answer: string, passTime: (ms: number) => void) => unknown;
type Llm = Parameters<typeof shippedConfig>[0];

/** The practice writer behind a gateway that delivers as the test says; it knows whose cookie it is. */
async function checkBehind(deliver: Delivery, llm: Llm = {}) {
  const product = shippedConfig(llm);
  let now = 0;
  const answering = async (request: IncomingMessage, response: ServerResponse) => {
    if (request.url === '/v1/whoami')
      return response.setHeader('content-type', 'application/json').end('{"employeeId":"E10421"}');
    const { call, messages } = (await jsonBody(request)) as { call: string; messages: Message[] };
    return deliver(response, writeAnswer(callTypeSchema.parse(call), messages), (ms) => (now += ms));
  };
  const { model, deps, user } = await openGateway(loopback, answering, product);
  const audited: AuditEntry[] = [];
  const check = createModelCheck({
    check: (_actor, signal) =>
      runSelfTest({
        model,
        whoAmI: () => whoAmI(deps, user, signal),
        product,
        clock: { now: () => now },
        signal,
      }),
    audit: { record: (_actor, entry) => void audited.push(entry) },
  });
  return { check, audited };
}
interface Message {
  role: 'user' | 'assistant';
  content: string;
}

async function findingsBehind(deliver: Delivery, llm?: Llm): Promise<ModelFinding[]> {
  const { check } = await checkBehind(deliver, llm);
  const findings: ModelFinding[] = [];
  for await (const finding of check.run(ada, new AbortController().signal)) findings.push(finding);
  return findings;
}

/** The answer's two halves, each to be sent as a packet of its own. */
function packets(text: string): string[] {
  return [deltas(text.slice(0, text.length / 2)), deltas(text.slice(text.length / 2))];
}

describe('The check passes a gateway that', () => {
  it.each<{ what: string; deliver: Delivery }>([
    {
      what: 'splits UTF-8 between packets',
      async deliver(response, answer) {
        const bytes = Buffer.from(`data: {"delta":"Größe "}\n\n${packets(answer).join('')}${done}`);
        await stream(response, [bytes.subarray(0, 18), bytes.subarray(18, 60), bytes.subarray(60)]);
        response.end();
      },
    },
    {
      what: 'sends keep-alive comments and ends its lines with CRLF',
      async deliver(response, answer) {
        const frames = [': ping\n\n', ...packets(answer), ': ping\n\n', done];
        await stream(
          response,
          frames.map((frame) => frame.replaceAll('\n', '\r\n')),
        );
        response.end();
      },
    },
    {
      what: 'sends empty deltas and frames with nothing but usage',
      async deliver(response, answer) {
        const usage = 'data: {"usage":{"input":10,"output":20}}\n\n';
        await stream(response, [deltas(''), usage, ...packets(answer), usage, done]);
        response.end();
      },
    },
    {
      what: 'is so fast that the whole answer comes at once',
      async deliver(response, answer, passTime) {
        passTime(200);
        await stream(response, [deltas(answer) + done]);
        response.end();
      },
    },
    {
      what: 'compresses its stream',
      async deliver(response, answer) {
        const frames = [...packets(answer), done].map((frame) => gzipSync(frame));
        await stream(response, frames, { 'content-encoding': 'gzip' });
        response.end();
      },
    },
  ])('$what', async ({ deliver }) => {
    const findings = await findingsBehind(deliver);
    expect(findings.filter(({ ok }) => !ok)).toEqual([]);
    expect(findings.map(({ check }) => check)).toEqual(modelChecks);
  });
});

describe('The check names what is wrong with a gateway that', () => {
  it.each<{ what: string; deliver: Delivery; sentence: RegExp; llm?: Llm }>([
    {
      what: 'cuts its answer in mid-event',
      async deliver(response, answer) {
        await stream(response, [...packets(answer), 'data: {"delta":"lo']);
        response.destroy();
      },
      sentence: /^The answer was cut off/,
    },
    {
      what: 'lets the cookie expire in mid-stream',
      async deliver(response) {
        const error = `data: {"error":{"message":"Session expired for ${gatewayCookie}","code":401}}\n\n`;
        await stream(response, [deltas('half'), error]);
        response.end();
      },
      sentence: /^The language model did not take your credential.*Session expired for \[redacted\]/,
    },
    {
      what: 'answers its sign-in page with status 200',
      deliver: (response) =>
        response.setHeader('content-type', 'text/html').end('<!DOCTYPE html><title>Sign in</title>'),
      sentence: /sign-in page/,
    },
    {
      what: 'redirects to its sign-in page',
      deliver: (response) => response.writeHead(302, { location: '/sso/login' }).end(),
      sentence: /sign-in page/,
    },
    {
      what: 'declines to answer',
      async deliver(response) {
        await stream(response, ['data: {"refusal":"I cannot help with that."}\n\n']);
        response.end();
      },
      llm: { dialect: { type: 'sse', deltaPath: 'delta', refusalPath: 'refusal' } },
      sentence: /^The language model declined to answer: “I cannot help with that”/,
    },
    {
      what: 'is asked too much',
      deliver: (response) => response.writeHead(429, { 'retry-after': '7' }).end(),
      sentence: /asks to wait 7 s/,
    },
    {
      what: 'has no such path',
      deliver: (response) => response.writeHead(404).end(),
      sentence: /404/,
    },
    {
      what: 'answers in one JSON body instead of a stream',
      deliver: (response) =>
        response.setHeader('content-type', 'application/json').end('{"text":"all at once"}'),
      sentence: /stream/,
    },
    {
      what: 'is held back by a proxy that gathers the answer',
      async deliver(response, answer, passTime) {
        passTime(4_000);
        await stream(response, [deltas(answer), done]);
        response.end();
      },
      sentence: /^The whole answer came at once after 4\.0 s: .* holds the stream back\.$/,
    },
    {
      what: 'chats instead of answering in JSON',
      async deliver(response) {
        await stream(response, [deltas('Sure! ', 'Here are some stories.'), done]);
        response.end();
      },
      sentence: /not the JSON that was asked for; it begins with “Sure!/,
    },
    {
      what: 'is too slow',
      deliver: () => undefined,
      llm: { timeouts: { connectMs: 5_000, firstByteMs: 50, idleMs: 50, totalMs: 200 } },
      sentence: /did not begin to answer in time/,
    },
  ])('$what', async ({ deliver, llm, sentence }) => {
    const findings = await findingsBehind(deliver, llm);
    const wrong = findings.filter(({ ok }) => !ok);
    expect(wrong.map((finding) => finding.sentence)).toContainEqual(expect.stringMatching(sentence));
    expect(JSON.stringify(findings)).not.toContain(gatewayCookie);
  });
});

describe('The check', () => {
  it('runs once at a time for each person, is audited, and ends when its reader leaves', async () => {
    const { check, audited } = await checkBehind(() => undefined);
    const leave = new AbortController();
    const findings = check.run(ada, leave.signal)[Symbol.asyncIterator]();
    expect(await findings.next()).toMatchObject({ value: { check: 'identity', ok: true } });
    expect(() => check.run(ada, leave.signal)).toThrowError(
      expect.objectContaining({ code: 'check_running' }),
    );

    const next = findings.next();
    leave.abort();

    expect(await next).toEqual({ value: undefined, done: true });
    expect(audited).toEqual([{ action: 'model.check', outcome: 'ok', detail: { checks: 1, wrong: 0 } }]);
    check.run(ada, leave.signal);
  });
});

describe('The page', () => {
  it('gets one line for each finding, as JSON, and the problem of a second check at once', async () => {
    const { check } = await checkBehind(async (response, answer) => {
      await stream(response, [...packets(answer), done]);
      response.end();
    });
    const ask = () => POST(requestOf(check) as never);
    const answer = await ask();
    expect(answer.headers.get('content-type')).toBe('application/x-ndjson');
    const second = await ask();
    expect(second.status).toBe(429);
    expect(await second.json()).toMatchObject({ problem: { code: 'check_running' } });
    const lines = (await answer.text()).trimEnd().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as ModelFinding).check)).toEqual(modelChecks);
  });

  it('ends the check by leaving', async () => {
    const { check, audited } = await checkBehind(() => undefined);
    const { body } = await POST(requestOf(check) as never);
    const reader = body?.getReader();
    expect(new TextDecoder().decode((await reader?.read())?.value)).toContain('"identity"');
    await reader?.cancel();
    await expect.poll(() => audited).toMatchObject([{ action: 'model.check', detail: { checks: 1 } }]);
  });
});

/** What the endpoint takes of a request event. */
function requestOf(modelCheck: ModelCheckService) {
  const locals = { actor: ada, session: {}, requestId: 'request-1', services: { modelCheck } };
  return { locals, request: new Request('http://localhost/configurations/model-check', { method: 'POST' }) };
}
