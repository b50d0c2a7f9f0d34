import { afterEach, describe, expect, it } from 'vitest';
import { whoAmI } from '../../src/lib/server/adapters/llm/who-am-i.ts';
import { createLoopback } from '../support/loopback.ts';
import {
  deltas,
  gatewayCookie,
  jsonBody,
  modelCall,
  openGateway,
  shippedConfig,
  stream,
  upstreamFailure,
} from '../support/scripted-gateway.ts';

const loopback = createLoopback();
afterEach(() => loopback.close());

describe('A call to the company model', () => {
  it('sends the filled templates with the cookie of the person', async () => {
    let seen: unknown;
    const { model } = await openGateway(loopback, async (request, response) => {
      const { headers, url, method } = request;
      seen = {
        method,
        url,
        cookie: headers.cookie,
        requestId: headers['x-request-id'],
        traceparent: headers.traceparent,
        body: await jsonBody(request),
      };
      await stream(response, [deltas('ok'), 'data: [DONE]\n\n']);
      response.end();
    });
    await model.complete(modelCall());
    expect(seen).toEqual({
      method: 'POST',
      url: '/v1/generate',
      cookie: `session=${gatewayCookie}`,
      requestId: 'req-1',
      traceparent: undefined,
      body: {
        call: 'draft',
        model: 'practice-writer',
        system: 'Be brief.',
        messages: [{ role: 'user', content: 'Invoices as PDF' }],
        temperature: 0.2,
        max_tokens: 4000,
        stream: true,
      },
    });
  });

  it('reaches an Azure deployment: version in the query, key in a header of its own, a first frame without choices', async () => {
    const frames = ['{"choices":[],"prompt_filter_results":[]}', '{"choices":[{"delta":{"content":"ok"}}]}'];
    const product = {
      ...shippedConfig({
        credential: 'bearer',
        endpoints: {
          default: {
            path: '/openai/deployments/stories/chat/completions?api-version=2024-10-21',
            method: 'POST',
          },
        },
        dialect: { type: 'sse', deltaPath: 'choices.0.delta.content', doneMarker: '[DONE]' },
      }),
      header: { headers: { 'api-key': '{{credential}}' } },
    };
    let seen: unknown;
    const { model } = await openGateway(
      loopback,
      async ({ headers, url }, response) => {
        seen = { url, key: headers['api-key'], authorization: headers.authorization };
        await stream(
          response,
          [...frames, '[DONE]'].map((frame) => `data: ${frame}\n\n`),
        );
        response.end();
      },
      product,
    );
    expect(await model.complete(modelCall())).toMatchObject({ text: 'ok', cut: false });
    expect(seen).toEqual({
      url: '/openai/deployments/stories/chat/completions?api-version=2024-10-21',
      key: gatewayCookie,
      authorization: undefined,
    });
  });

  it('passes on each piece as it arrives, and gives the whole with its usage', async () => {
    let proceed = () => {};
    const firstSeen = new Promise<void>((resolve) => (proceed = resolve));
    const { model } = await openGateway(loopback, async (_request, response) => {
      await stream(response, [deltas('As a ')]);
      await firstSeen;
      response.end(`${deltas('clerk ', 'I want')}data: {"usage":{"input":9,"output":3}}\n\ndata: [DONE]\n\n`);
    });
    const pieces: string[] = [];
    const answer = await model.complete(modelCall({ onDelta: (delta) => (pieces.push(delta), proceed()) }));
    expect(pieces).toEqual(['As a ', 'clerk I want']);
    expect(answer).toEqual({ text: 'As a clerk I want', cut: false, inputTokens: 9, outputTokens: 3 });
  });

  it('uses its connection again for the next call', async () => {
    const ports = new Set<number | undefined>();
    const { model } = await openGateway(loopback, (request, response) => {
      ports.add(request.socket.remotePort);
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.end(`${deltas('ok')}data: [DONE]\n\n`);
    });
    for (let count = 0; count < 3; count += 1) {
      await model.complete(modelCall());
      // The connection is free one turn after the end of the body was read.
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(ports.size).toBe(1);
  });

  it('does not wait for a gateway that holds the stream open after its end', async () => {
    const { model } = await openGateway(loopback, (_request, response) =>
      stream(response, [deltas('done'), 'data: [DONE]\n\n']),
    );
    expect(await model.complete(modelCall())).toMatchObject({ text: 'done', cut: false });
  });

  it('stops at once when told to, with the reason of the signal', async () => {
    const stop = new AbortController();
    let closed = () => {};
    const connectionClosed = new Promise<void>((resolve) => (closed = resolve));
    const { model } = await openGateway(loopback, (_request, response) => {
      response.on('close', () => closed());
      return stream(response, [deltas('half')]);
    });
    const reason = new Error('stopped by the person');
    const answer = model.complete(modelCall({ signal: stop.signal, onDelta: () => stop.abort(reason) }));
    await expect(answer).rejects.toBe(reason);
    await connectionClosed;
  });
});

describe('The identity call', () => {
  it('names the person whose cookie came', async () => {
    const { deps, user } = await openGateway(loopback, (request, response) => {
      const known =
        request.method === 'GET' &&
        request.url === '/v1/whoami' &&
        request.headers.cookie === `session=${gatewayCookie}`;
      response
        .writeHead(known ? 200 : 401, { 'content-type': 'application/json' })
        .end('{"employeeId":"E10421"}');
    });
    expect(await whoAmI(deps, user, new AbortController().signal)).toBe('E10421');
  });

  it('is null where the model has none', async () => {
    const endpoints = { default: { path: '/v1/generate', method: 'POST' as const } };
    const { deps, user } = await openGateway(
      loopback,
      (_request, response) => response.writeHead(500).end(),
      shippedConfig({ endpoints }),
    );
    expect(await whoAmI(deps, user, new AbortController().signal)).toBeNull();
  });

  it.each(['{"name":"x"}', 'not json'])('refuses the answer %s', async (body) => {
    const { deps, user } = await openGateway(loopback, (_request, response) =>
      response.writeHead(200, { 'content-type': 'application/json' }).end(body),
    );
    expect(await upstreamFailure(whoAmI(deps, user, new AbortController().signal))).toMatchObject({
      code: 'llm_unreadable',
    });
  });
});
