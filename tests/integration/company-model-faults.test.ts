import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { createLoopback } from '../support/loopback.ts';
import {
  deltas,
  gatewayCookie,
  modelCall,
  openGateway,
  shippedConfig,
  stream,
  upstreamFailure,
} from '../support/scripted-gateway.ts';

const loopback = createLoopback();
afterEach(() => loopback.close());

describe('A gateway that behaves badly', () => {
  it('may split UTF-8 between packets', async () => {
    const bytes = Buffer.from(`${deltas('Größe 🚀')}data: [DONE]\n\n`);
    const { model } = await openGateway(loopback, async (_request, response) => {
      await stream(
        response,
        Array.from(bytes, (_byte, index) => bytes.subarray(index, index + 1)),
      );
      response.end();
    });
    expect((await model.complete(modelCall())).text).toBe('Größe 🚀');
  });

  it('may send keep-alive comments, CRLF, empty deltas and usage-only frames', async () => {
    const body = `: ping\r\n\r\n${deltas('', 'a').replaceAll('\n', '\r\n')}: ping\r\n\r\ndata: {"usage":{"input":1,"output":1}}\r\n\r\ndata: [DONE]\r\n\r\n`;
    const { model } = await openGateway(loopback, async (_request, response) => {
      await stream(response, [...body]);
      response.end();
    });
    expect(await model.complete(modelCall())).toEqual({
      text: 'a',
      cut: false,
      inputTokens: 1,
      outputTokens: 1,
    });
  });

  it('may compress its stream', async () => {
    const { model } = await openGateway(loopback, async (_request, response) => {
      await stream(response, [gzipSync(`${deltas('packed')}data: [DONE]\n\n`)], {
        'content-encoding': 'gzip',
      });
      response.end();
    });
    expect((await model.complete(modelCall())).text).toBe('packed');
  });

  it('that cuts the connection in the middle leaves what was written, marked as cut', async () => {
    const { model } = await openGateway(loopback, async (_request, response) => {
      await stream(response, [deltas('kept '), 'data: {"delta":"lo']);
      response.destroy();
    });
    expect(await model.complete(modelCall())).toMatchObject({ text: 'kept ', cut: true });
  });

  it('that ends politely without its end marker is cut too', async () => {
    const { model } = await openGateway(loopback, async (_request, response) => {
      await stream(response, [deltas('kept')]);
      response.end();
    });
    expect(await model.complete(modelCall())).toMatchObject({ text: 'kept', cut: true });
  });

  it('that stalls in the middle is cut off by the idle limit', async () => {
    const product = shippedConfig({
      timeouts: { connectMs: 5_000, firstByteMs: 5_000, idleMs: 50, totalMs: 10_000 },
    });
    const { model } = await openGateway(
      loopback,
      (_request, response) => stream(response, [deltas('kept')]),
      product,
    );
    expect(await model.complete(modelCall())).toMatchObject({ text: 'kept', cut: true });
  });

  it('whose cookie expires in mid-stream is told as a refused credential', async () => {
    const { model } = await openGateway(loopback, async (_request, response) => {
      await stream(response, [
        deltas('half'),
        `data: {"error":{"message":"Session expired for ${gatewayCookie}","code":401}}\n\n`,
      ]);
      response.end();
    });
    const pieces: string[] = [];
    const error = await upstreamFailure(
      model.complete(modelCall({ onDelta: (delta) => pieces.push(delta) })),
    );
    expect(error).toMatchObject({ code: 'llm_credential_refused', kind: 'credential', retryable: false });
    expect(error.message).toContain('Session expired for [redacted]');
    expect(pieces).toEqual(['half']);
  });

  it.each([
    { what: 'its sign-in page with status 200', type: 'text/html; charset=utf-8' },
    { what: 'its sign-in page dressed as a stream', type: 'text/event-stream' },
  ])('that answers $what is told as an expired credential', async ({ type }) => {
    const { model } = await openGateway(loopback, (_request, response) => {
      response.writeHead(200, { 'content-type': type }).end('<!DOCTYPE html><title>Sign in</title>');
    });
    expect(await upstreamFailure(model.complete(modelCall()))).toMatchObject({
      code: 'llm_sign_in_page',
      kind: 'credential',
    });
  });

  it.each([
    { location: '/sso/login?ticket=abc', code: 'llm_sign_in_page', kind: 'credential' },
    { location: 'https://other.example.com/v2/generate?key=abc', code: 'llm_redirected', kind: 'unreadable' },
  ])('that redirects to $location is not followed', async ({ location, code, kind }) => {
    const { model } = await openGateway(loopback, (_request, response) =>
      response.writeHead(302, { location }).end(),
    );
    const error = await upstreamFailure(model.complete(modelCall()));
    expect(error).toMatchObject({ code, kind });
    expect(error.message).not.toContain('abc');
  });

  it.each([
    { status: 401, code: 'llm_credential_refused', kind: 'credential' },
    { status: 403, code: 'llm_credential_refused', kind: 'credential' },
    { status: 404, code: 'llm_call_refused', kind: 'refused' },
    { status: 422, code: 'llm_call_refused', kind: 'refused' },
    { status: 429, code: 'llm_rate_limited', kind: 'rate_limited' },
    { status: 503, code: 'llm_failed', kind: 'unknown' },
  ])('that answers $status is told as $code, with its own sentence', async ({ status, code, kind }) => {
    const { model } = await openGateway(loopback, (_request, response) => {
      response.writeHead(status, { 'content-type': 'application/json', 'retry-after': '7' });
      response.end('{"error":{"message":"Out of paper."}}');
    });
    const error = await upstreamFailure(model.complete(modelCall()));
    expect(error).toMatchObject({ code, kind, status });
    expect(error.message).toContain('“Out of paper”');
    expect(error.retryAfterMs).toBe(status === 429 || status === 503 ? 7_000 : undefined);
  });

  it('that answers with one JSON body instead of a stream is told so', async () => {
    const { model } = await openGateway(loopback, (_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"text":"all at once"}');
    });
    expect(await upstreamFailure(model.complete(modelCall()))).toMatchObject({
      code: 'llm_not_a_stream',
      kind: 'unreadable',
    });
  });

  it.each([
    { body: 'data: {"text":"elsewhere"}\n\ndata: [DONE]\n\n', code: 'llm_empty_answer' },
    { body: '', code: 'llm_cut' },
  ])('that sends $body is told as $code', async ({ body, code }) => {
    const { model } = await openGateway(loopback, (_request, response) =>
      response.writeHead(200, { 'content-type': 'text/event-stream' }).end(body),
    );
    expect((await upstreamFailure(model.complete(modelCall()))).code).toBe(code);
  });

  it('that declines to answer is told so, with its words', async () => {
    const dialect = {
      type: 'sse' as const,
      deltaPath: 'delta',
      finishPath: 'finish',
      refusalPath: 'refusal',
    };
    const { model } = await openGateway(
      loopback,
      async (_request, response) => {
        await stream(response, [
          'data: {"refusal":"I cannot help with that."}\n\ndata: {"finish":"content_filter"}\n\n',
        ]);
        response.end();
      },
      shippedConfig({ dialect }),
    );
    expect(await upstreamFailure(model.complete(modelCall()))).toMatchObject({
      code: 'llm_declined',
      retryable: false,
      message: 'The language model declined to answer: “I cannot help with that”.',
    });
  });

  it('is tried again before its first byte, and never after it', async () => {
    let calls = 0;
    const retry = { attempts: 2, initialDelayMs: 1, maxDelayMs: 2 };
    const { model } = await openGateway(
      loopback,
      async (_request, response) => {
        calls += 1;
        if (calls === 1) return response.writeHead(502).end();
        if (calls === 2) return response.destroy();
        await stream(response, [deltas('third')]);
        return response.destroy();
      },
      shippedConfig({ retry }),
    );
    expect(await model.complete(modelCall())).toMatchObject({ text: 'third', cut: true });
    expect(calls).toBe(3);
  });

  it('is left alone for a while after several failures', async () => {
    let calls = 0;
    const { model } = await openGateway(
      loopback,
      (_request, response) => {
        calls += 1;
        response.writeHead(500).end();
      },
      shippedConfig({ breaker: { failures: 2, openForMs: 60_000 } }),
    );
    await upstreamFailure(model.complete(modelCall()));
    await upstreamFailure(model.complete(modelCall()));
    expect((await upstreamFailure(model.complete(modelCall()))).code).toBe('llm_paused');
    expect(calls).toBe(2);
  });
});
