import type { IncomingMessage } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { createServer as createTcpServer } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from 'vitest';
import { createLoopback, readBody } from '../../../../../tests/support/loopback.ts';
import { createTestHttp, patientTimeouts, systemTrust } from '../../../../../tests/support/outgoing.ts';
import { testAuthorityPem, testServerCertificate } from '../../../../../tests/support/tls-certificates.ts';
import type { createOutgoingHttp } from './outgoing-http.ts';
import type { OutgoingHttp, OutgoingRequest } from './outgoing-request.ts';

const loopback = createLoopback();
const { serve, listen } = loopback;
afterEach(() => loopback.close());

describe('an answer', () => {
  test('comes with its status and lower-case headers, whatever the status', async () => {
    const url = await serve((_request, response) => {
      response.writeHead(404, { 'X-Reason': 'gone', 'Set-Cookie': ['a=1', 'b=2'] }).end('not here');
    });
    const answer = await send({ url });
    expect(answer.status).toBe(404);
    expect(answer.headers).toMatchObject({ 'x-reason': 'gone', 'set-cookie': 'a=1, b=2' });
    expect(await answer.text(100)).toBe('not here');
  });

  test.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
  ])('in %s is decompressed', async (coding, compress) => {
    const url = await serve((_request, response) => {
      response
        .writeHead(200, { 'content-encoding': coding })
        .end(compress(Buffer.from('Grüße 👋'.repeat(500))));
    });
    expect(await (await send({ url })).text(100_000)).toBe('Grüße 👋'.repeat(500));
  });

  test('that is damaged, too large or in an unknown coding is unreadable', async () => {
    const url = await serve((request, response) => {
      if (request.url === '/large') response.end('x'.repeat(2_000));
      else if (request.url === '/coding') response.writeHead(200, { 'content-encoding': 'lzma' }).end('x');
      else response.writeHead(200, { 'content-encoding': 'gzip' }).end('not gzip at all');
    });
    for (const path of ['large', 'coding', 'damaged']) {
      const answer = await send({ url: `${url}${path}` });
      await expect(answer.text(1_000), path).rejects.toMatchObject({ kind: 'unreadable' });
    }
  });

  test('that redirects is handed on, not followed', async () => {
    const url = await serve((_request, response) =>
      response.writeHead(302, { location: 'http://169.254.169.254/' }).end(),
    );
    expect((await send({ url })).status).toBe(302);
  });

  test('streams: pieces arrive before the answer is complete', async () => {
    const { promise: firstRead, resolve: goOn } = Promise.withResolvers<void>();
    const url = await serve((_request, response) => {
      response.write('one');
      void firstRead.then(() => response.end('two'));
    });
    const pieces: string[] = [];
    for await (const piece of (await send({ url })).body) {
      pieces.push(Buffer.from(piece).toString());
      goOn();
    }
    expect(pieces).toEqual(['one', 'two']);
  });

  test('larger than the buffers reaches a slow reader whole', async () => {
    const url = await serve((_request, response) => response.end(Buffer.alloc(5_000_000, 'a')));
    let bytes = 0;
    for await (const piece of (await send({ url })).body) {
      bytes += piece.byteLength;
      await new Promise(setImmediate);
    }
    expect(bytes).toBe(5_000_000);
  });
});

test('A request carries its method, headers, body and request id', async () => {
  const seen = Promise.withResolvers<{ request: IncomingMessage; body: string }>();
  const url = await serve((request, response) => {
    void readBody(request).then((body) => {
      seen.resolve({ request, body });
      response.end();
    });
  });
  await send({
    url,
    method: 'POST',
    headers: { Authorization: 'Bearer abc' },
    body: '{"a":1}',
    requestId: 'req-7',
  });
  const { request, body } = await seen.promise;
  expect(request.method).toBe('POST');
  expect(request.headers).toMatchObject({ authorization: 'Bearer abc', 'x-request-id': 'req-7' });
  expect(body).toBe('{"a":1}');
});

test('Connections are kept between calls', async () => {
  const sockets = new Set<unknown>();
  const url = await serve((request, response) => {
    sockets.add(request.socket);
    response.end('ok');
  });
  const http = outgoing();
  for (let call = 0; call < 10; call++) await (await send({ url }, http)).text(10);
  expect(sockets.size).toBeLessThanOrEqual(2);
});

describe('a server with a certificate of a private authority', () => {
  test('is refused, trusted with that authority, and taken unseen where verification is off', async () => {
    const server = createTlsServer(testServerCertificate, (_request, response) => response.end('private'));
    const port = await listen(server);
    loopback.closing({ close: () => server.closeAllConnections() });
    const url = `https://127.0.0.1:${port}/`;
    const http = outgoing();
    const trusting = await send({ url, tls: { verify: true, caPem: testAuthorityPem } }, http);
    expect(await trusting.text(10)).toBe('private');
    const blind = await send({ url, tls: { verify: false, caPem: null } }, http);
    expect(await blind.text(10)).toBe('private');
    // Last, so that a kept connection of the other two would be found out.
    await expect(send({ url }, http)).rejects.toMatchObject({
      kind: 'refused',
      code: 'jira_untrusted',
      retryable: false,
    });
  });
});

describe('a failure', () => {
  test('before anything left is refused: nobody listens, no such name, an address that is denied', async () => {
    await expect(send({ url: await loopback.nobody() })).rejects.toMatchObject({
      kind: 'refused',
      code: 'jira_unreachable',
    });
    await expect(send({ url: 'http://name.invalid/' })).rejects.toMatchObject({
      kind: 'refused',
      code: 'jira_unreachable',
    });
    await expect(send({ url: 'http://169.254.169.254/' })).rejects.toMatchObject({
      kind: 'refused',
      code: 'jira_address_denied',
    });
  });

  test('after the request left is unknown: the connection closes without an answer', async () => {
    const url = await serve((request) => request.socket.destroy());
    await expect(send({ url, method: 'POST', body: 'x' })).rejects.toMatchObject({
      kind: 'unknown',
      code: 'jira_connection_lost',
    });
  });

  test('in the middle of the body is unknown', async () => {
    const url = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('part', () => response.socket?.destroy());
    });
    const answer = await send({ url });
    await expect(answer.text(1_000)).rejects.toMatchObject({ kind: 'unknown' });
  });

  test('of time is told by what was late', async () => {
    const silent = await serve(() => {});
    const stalled = await serve((_request, response) => response.write('x'));
    const first = send({ url: silent, timeouts: { ...patientTimeouts, firstByteMs: 30 } });
    await expect(first).rejects.toMatchObject({
      kind: 'unknown',
      code: 'jira_timeout',
      message: expect.stringContaining('begin'),
    });
    const total = send({ url: silent, timeouts: { ...patientTimeouts, totalMs: 30 } });
    await expect(total).rejects.toMatchObject({
      code: 'jira_timeout',
      message: expect.stringContaining('longer'),
    });
    const idle = await send({ url: stalled, timeouts: { ...patientTimeouts, idleMs: 30 } });
    await expect(idle.text(10)).rejects.toMatchObject({
      kind: 'unknown',
      message: expect.stringContaining('middle'),
    });
  });

  test('of a server that accepts but never speaks TLS is refused after the connect limit', async () => {
    const server = createTcpServer(() => {});
    const port = await listen(server);
    const attempt = send({
      url: `https://127.0.0.1:${port}/`,
      timeouts: { ...patientTimeouts, connectMs: 50 },
    });
    await expect(attempt).rejects.toMatchObject({
      kind: 'refused',
      code: 'jira_unreachable',
      timedOut: true,
    });
  });
});

describe('an abort', () => {
  test('rejects with its own reason, before, while waiting and while reading', async () => {
    const reason = new Error('the person pressed Stop');
    await expect(send({ url: 'http://127.0.0.1:9/', signal: AbortSignal.abort(reason) })).rejects.toBe(
      reason,
    );

    const arrived = Promise.withResolvers<void>();
    const waiting = new AbortController();
    const silent = await serve(() => arrived.resolve());
    const call = send({ url: silent, signal: waiting.signal });
    await arrived.promise;
    waiting.abort(reason);
    await expect(call).rejects.toBe(reason);

    const reading = new AbortController();
    const closed = Promise.withResolvers<void>();
    const streaming = await serve((_request, response) => {
      response.on('close', closed.resolve);
      response.write('x');
    });
    const answer = await send({ url: streaming, signal: reading.signal });
    const read = answer.text(10);
    reading.abort(reason);
    await expect(read).rejects.toBe(reason);
    await closed.promise;
  });

  test('A reader that leaves early closes the connection', async () => {
    const closed = Promise.withResolvers<void>();
    const url = await serve((_request, response) => {
      response.on('close', closed.resolve);
      response.write('endless');
    });
    for await (const _piece of (await send({ url })).body) break;
    await closed.promise;
  });
});

test('A name that resolves to a denied address is not connected to, even when it resolved well before', async () => {
  const url = await serve((_request, response) => response.writeHead(200, { connection: 'close' }).end('ok'));
  const answers = ['127.0.0.1', '169.254.169.254'];
  const lookup = ((_host: string, _options: object, done: (error: null, found: object[]) => void) => {
    done(null, [{ address: answers.shift() ?? '169.254.169.254', family: 4 }]);
  }) as unknown as Lookup;
  const http = outgoing(lookup);
  const named = `http://rebound.example.test:${new URL(url).port}/`;
  expect(await (await send({ url: named }, http)).text(10)).toBe('ok');
  await expect(send({ url: named }, http)).rejects.toMatchObject({
    kind: 'refused',
    code: 'jira_address_denied',
  });
});

type Lookup = Parameters<typeof createOutgoingHttp>[0]['lookup'];

function outgoing(lookup?: Lookup): OutgoingHttp {
  const hosts = ['name.invalid', 'rebound.example.test', '169.254.169.254'];
  return loopback.closing(createTestHttp({ hosts, lookup }));
}

function send(request: Partial<OutgoingRequest> & { url: string }, http = outgoing()) {
  return http.send({
    upstream: 'jira',
    method: 'GET',
    headers: {},
    tls: systemTrust,
    timeouts: patientTimeouts,
    ...request,
  });
}
