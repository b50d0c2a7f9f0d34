import { createServer, request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest, type RequestOptions } from 'node:https';
import { Server } from 'socket.io';
import { io } from 'socket.io-client';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { findCaddy, startCaddy } from '../support/caddy.ts';
import { createLoopback, readBody } from '../support/loopback.ts';
import { findNginx, startNginx } from '../support/nginx.ts';
import type { RunningProxy } from '../support/proxy-process.ts';
import { testAuthorityPem } from '../support/tls-certificates.ts';

/** The proxies that are shipped for, and in what they may differ. */
const proxies = [
  {
    name: 'nginx',
    program: findNginx(),
    start: startNginx,
    missing: 'deploy/nginx.conf is not tried: nginx is not installed (apt-get install nginx-light).',
    // It adds whom it sees; the last one counts with TRUST_PROXY=1.
    forwardedFor: '1.2.3.4, 127.0.0.1',
    tooLarge: [413],
  },
  {
    name: 'Caddy',
    program: findCaddy(),
    start: startCaddy,
    missing: 'deploy/Caddyfile is not tried: Caddy is not installed (apt-get install caddy).',
    // It believes nobody.
    forwardedFor: '127.0.0.1',
    // 2.6, which Debian has, breaks the body off while it passes it on.
    tooLarge: [413, 502],
  },
];

describe.for(proxies)('One origin through $name', ({ program, start, missing, forwardedFor, tooLarge }) => {
  const loopback = createLoopback();
  let proxy: RunningProxy;
  let finishStream: () => void;

  beforeEach(({ skip }) => skip(program === null, missing));
  beforeAll(async () => {
    if (program === null) return;
    const pages = await loopback.serve(async (request, response) => {
      if (request.url === '/stream') {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.write('data: first\n\n');
        finishStream = () => response.end('data: last\n\n');
        return;
      }
      const body = await readBody(request).catch(() => null);
      // A proxy broke it off: nobody waits for an answer.
      if (body === null) return;
      response.setHeader('strict-transport-security', 'max-age=31536000');
      response.end(
        JSON.stringify({ served: 'pages', url: request.url, headers: request.headers, bytes: body.length }),
      );
    });
    const channel = createServer();
    new Server(channel).on('connection', (socket) => {
      socket.on('echo', (text: string, reply: (answer: unknown) => void) =>
        reply({ text, transport: socket.conn.transport.name, headers: socket.handshake.headers }),
      );
    });
    const channelPort = await loopback.listen(channel);
    proxy = await start(program, { pages: Number(new URL(pages).port), channel: channelPort });
  });
  afterAll(async () => {
    await proxy?.stop();
    await loopback.close();
  });

  function get(path: string, options: RequestOptions = {}, body = ''): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const target = { host: 'localhost', port: proxy.httpsPort, path, ca: testAuthorityPem, ...options };
      httpsRequest(target, resolve).on('error', reject).end(body);
    });
  }
  const seen = async (answer: IncomingMessage) => JSON.parse(await readBody(answer));

  it('serves pages over TLS, and sends plain HTTP there', async () => {
    expect(await seen(await get('/dashboard?tab=2'))).toMatchObject({
      served: 'pages',
      url: '/dashboard?tab=2',
    });
    const plain = await new Promise<IncomingMessage>((resolve) => {
      httpRequest(
        { host: '127.0.0.1', port: proxy.httpPort, path: '/sign-in', headers: { host: 'localhost' } },
        resolve,
      ).end();
    });
    expect(plain.statusCode).toBe(308);
    expect(plain.headers.location).toMatch(/^https:[/][/]localhost(:\d+)?[/]sign-in$/);
    plain.resume();
  });

  it('tells browsers once to stay with https, with its own answers too', async () => {
    for (const path of ['/dashboard', '/socket.io/?EIO=4&transport=polling', '/metrics']) {
      const answer = await get(path);
      expect(answer.headers['strict-transport-security'], path).toBe('max-age=31536000');
      answer.resume();
    }
  });

  it('says who asks, behind whatever the client claims to be', async () => {
    const { headers } = await seen(
      await get('/', { headers: { 'x-forwarded-for': '1.2.3.4', 'x-request-id': 'from-client' } }),
    );
    expect(headers['x-forwarded-for']).toBe(forwardedFor);
    expect(headers).toMatchObject({ 'x-forwarded-proto': 'https', 'x-request-id': 'from-client' });
  });

  it.each([[['websocket']], [['polling']], [['polling', 'websocket']]])(
    'carries the channel over %j',
    async (transports) => {
      const socket = io(`https://localhost:${proxy.httpsPort}`, {
        transports,
        ca: testAuthorityPem,
        forceNew: true,
        reconnection: false,
      });
      try {
        await new Promise<void>((resolve, reject) =>
          socket.once('connect', resolve).once('connect_error', reject),
        );
        const answer = await socket.emitWithAck('echo', 'hello');
        expect(answer).toMatchObject({ text: 'hello' });
        expect(answer.headers['x-forwarded-for']).toBe('127.0.0.1');
      } finally {
        socket.disconnect();
      }
    },
  );

  it('passes on the first event of a stream before the last is written', async () => {
    const answer = await get('/stream');
    const first = await new Promise<string>((resolve) =>
      answer.once('data', (text) => resolve(String(text))),
    );
    expect(first).toBe('data: first\n\n');
    finishStream();
    expect(await readBody(answer)).toBe('data: last\n\n');
  });

  it('keeps metrics inside, and bodies within the limit of the app', async () => {
    expect((await get('/metrics')).statusCode).toBe(404);
    const megabyte = 'a'.repeat(1024 * 1024);
    const post = { method: 'POST' };
    expect(await seen(await get('/attach', post, megabyte))).toMatchObject({ bytes: megabyte.length });
    expect(tooLarge).toContain((await get('/attach', post, megabyte.repeat(3))).statusCode);
  });
});
