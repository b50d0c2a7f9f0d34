import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ines } from '../../src/lib/sandbox/people.ts';
import { startLiveProduct, type LiveProduct } from '../support/live-product.ts';
import { createVisitor, type Visitor } from '../support/page-visitor.ts';
import { routeInventory } from '../support/route-inventory.ts';

/** What goes wrong on the way, or is made up: each is sent to every address that changes something. */
const brokenForms: [what: string, type: string, body: string | Buffer][] = [
  ['a form without its boundary', 'multipart/form-data', 'language=auto'],
  ['a form that was cut off', 'multipart/form-data; boundary=x', '--x\r\nContent-Disposition: form-da'],
  ['a form with another boundary', 'multipart/form-data; boundary=x', '--y\r\n\r\nauto\r\n--y--\r\n'],
  [
    'a part without a name',
    'multipart/form-data; boundary=x',
    '--x\r\nContent-Type: text/plain\r\n\r\nauto\r\n--x--\r\n',
  ],
  ['bytes that are nothing', 'multipart/form-data; boundary=x', Buffer.from([0, 255, 254, 13, 10])],
  ['no body at all', 'multipart/form-data; boundary=x', ''],
];
const brokenJson: [what: string, body: string | Buffer][] = [
  ['half an object', '{"key":'],
  ['nothing', ''],
  ['null', 'null'],
  ['a list', '[1,2]'],
  ['bytes that are no UTF-8', Buffer.from([0x7b, 0xff, 0xfe, 0x7d])],
  ['very deep nesting', '['.repeat(20_000)],
];

/** They read no body: whatever comes with the request, they do what they are for. */
const readNoBody = [
  '/configurations/model-check',
  '/forgot/person?/cancel',
  '/profile/export',
  '/profile?/everywhere',
  '/register/person?/cancel',
  '/session/renew',
  '/sign-out',
];

let product: LiveProduct;
let visitor: Visitor;
beforeAll(async () => {
  product = await startLiveProduct({ env: { ROLE: 'web' } });
  visitor = createVisitor(product);
  await visitor.join(ines);
});
afterAll(() => product?.stop());

describe('a body that cannot be read is the sender’s fault, and is answered so', () => {
  it.each(brokenForms)('%s', async (_what, type, body) => {
    for (const path of addresses('action')) {
      const { status, body: page } = await visitor.send(path, {
        method: 'POST',
        headers: { origin: product.origin, 'content-type': type, accept: 'text/html' },
        body,
      });
      expect(status, path).toBe(400);
      expect(page, path).toContain('The form could not be read');
    }
  });

  it.each(brokenForms)('%s, from a page with scripts', async (_what, type, body) => {
    const answer = await visitor.send('/profile?/language', {
      method: 'POST',
      headers: {
        origin: product.origin,
        'content-type': type,
        accept: 'application/json',
        'x-sveltekit-action': 'true',
      },
      body,
    });
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.body)).toMatchObject({ type: 'error', error: { code: 'form_unreadable' } });
  });

  it.each(brokenJson)('JSON: %s', async (_what, body) => {
    for (const path of addresses('endpoint')) {
      const { status, headers } = await visitor.send(path, {
        method: 'POST',
        headers: { origin: product.origin, 'content-type': 'application/json' },
        body,
      });
      expect([400, 404], `${path}: ${status}`).toContain(status);
      expect(headers['content-type'], path).toBe('application/json; charset=utf-8');
    }
  });
});

it('nothing of it was logged as a failure of ours', () => {
  expect(product.log()).not.toContain('A request failed');
});

describe('an answer says how its text is encoded', () => {
  it.each(['/healthz', '/readyz', '/api/jobs', '/api/conversations', '/creator/projects'])(
    'JSON of %s',
    async (path) => {
      expect((await visitor.get(path)).headers['content-type']).toBe('application/json; charset=utf-8');
    },
  );

  it('the answer of an action, and the data of a page', async () => {
    const answers = [
      await visitor.act('/profile?/language', { language: 'auto' }),
      await visitor.get('/dashboard/__data.json'),
    ];
    for (const { status, headers } of answers)
      expect([status, headers['content-type']]).toEqual([200, 'application/json; charset=utf-8']);
  });
});

it('a method that an address does not have is told in text of that name', async () => {
  const { status, headers } = await visitor.send('/api/jobs', { method: 'OPTIONS' });
  expect([status, headers['content-type']]).toEqual([405, 'text/plain; charset=utf-8']);
});

it('every script, style and picture of the build says in which charset it is', async () => {
  const { body } = await visitor.get('/dashboard');
  const files = [...new Set(body.match(/(?:\/_app\/immutable\/[\w./-]+\.(?:js|css)|\/favicon\.svg)/g) ?? [])];
  const types = new Set<string>();
  for (const file of files) {
    for (const encoding of ['identity', 'br', 'gzip']) {
      const answer = await visitor.send(file, { headers: { 'accept-encoding': encoding } });
      expect([answer.status, answer.headers['content-type']], file).toEqual([
        200,
        expect.stringMatching(/^[a-z/+]+; charset=utf-8$/),
      ]);
      types.add(String(answer.headers['content-type']));
    }
  }
  expect([...types].sort()).toEqual(
    ['image/svg+xml', 'text/css', 'text/javascript'].map((type) => `${type}; charset=utf-8`),
  );
});

it('and what is not there at such an address is told as it is', async () => {
  for (const path of ['/_app/immutable/nothing.js', '/nothing.css', '/nothing.svg']) {
    const { status, headers, body } = await visitor.send(path);
    expect(status, path).toBe(404);
    expect(headers['content-type'], path).toMatch(body.startsWith('<') ? /^text\/html/ : /^text\/plain/);
  }
});

function addresses(kind: 'action' | 'endpoint'): string[] {
  return routeInventory()
    .filter((route) => route.kind === kind && route.method === 'POST' && !readNoBody.includes(route.path))
    .map(({ path }) => path.replace('[id]', 'nothing').replace('[event]', 'run:stop'));
}
