import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ines } from '../../src/lib/sandbox/people.ts';
import { startLiveProduct, type LiveProduct } from '../support/live-product.ts';
import { createVisitor, type Visitor } from '../support/page-visitor.ts';

const SLOW_CLIENTS = 300;
const BETWEEN_BYTES_MS = 200;

let product: LiveProduct;
let visitor: Visitor;
beforeAll(async () => {
  product = await startLiveProduct({ env: { ROLE: 'web' } });
  visitor = createVisitor(product);
  await visitor.join(ines);
});
afterAll(() => product?.stop());

/** Begin a request whose end never comes: some with one header after the other, some with one byte of a form. */
const beginnings = {
  headers: 'GET /sign-in HTTP/1.1\r\nhost: slow\r\n',
  body:
    'POST /sign-in HTTP/1.1\r\nhost: slow\r\ncontent-type: application/x-www-form-urlencoded\r\n' +
    'content-length: 100000\r\n\r\n',
};
const drips = { headers: 'x-slow: 1\r\n', body: 'x' };

async function startSlowClients(kind: keyof typeof beginnings, count: number) {
  const { hostname, port } = new URL(product.url);
  const clients: Socket[] = [];
  for (let made = 0; made < count; made += 1) {
    const client = connect(Number(port), hostname);
    client.on('error', () => undefined);
    await once(client, 'connect');
    client.write(beginnings[kind]);
    clients.push(client);
  }
  const dripping = setInterval(() => {
    for (const client of clients) if (client.writable) client.write(drips[kind]);
  }, BETWEEN_BYTES_MS);
  return {
    open: () => clients.filter((client) => !client.closed).length,
    leave() {
      clearInterval(dripping);
      for (const client of clients) client.destroy();
    },
  };
}

describe.each(['headers', 'body'] as const)('clients that never come to the end of their %s', (kind) => {
  it('keep nobody else from being served', async () => {
    const slow = await startSlowClients(kind, SLOW_CLIENTS);
    try {
      for (let round = 0; round < 5; round += 1) {
        expect((await fetch(`${product.url}/healthz`)).status).toBe(200);
        expect((await visitor.send('/dashboard')).status).toBe(200);
        expect((await visitor.send('/api/jobs')).status).toBe(200);
      }
      expect(slow.open(), 'they were at it all the time').toBe(SLOW_CLIENTS);
    } finally {
      slow.leave();
    }
  });
});
