import { createHash } from 'node:crypto';
import { ulid } from 'ulid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ines } from '../../src/lib/sandbox/people.ts';
import { parseLog } from '../support/log-line.ts';
import { startLiveProduct, type LiveProduct } from '../support/live-product.ts';
import { createVisitor, type PageAnswer, type Visitor } from '../support/page-visitor.ts';
import { routeInventory } from '../support/route-inventory.ts';

/** The tables that hold anything of a person; what is left out is written by the passing of time alone. */
const tables = [
  'user',
  'session',
  'registration_attempt',
  'llm_config',
  'confluence_config',
  'preference',
  'conversation',
  'message',
  'run',
  'run_event',
  'source',
  'story_draft',
  'approval',
  'creation_intent',
  'background_job',
];

const contentTypes = [
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'text/plain',
  'application/json',
  'application/json; charset=utf-8',
  'text/xml',
  null,
];

/** Another site whose pages may use the API with a key of their own. */
const partner = 'https://partner.test';

let product: LiveProduct;
/** An administrator, so that every address has something to change. */
let visitor: Visitor;
let conversationId: string;

beforeAll(async () => {
  // Background work changes things by itself; this process does none.
  product = await startLiveProduct({ env: { ROLE: 'web', CORS_ORIGINS: partner } });
  visitor = createVisitor(product);
  await visitor.join(ines);
  const created = await visitor.submit('/creator?/create', { text: 'A list', projectKey: 'DEMO' });
  conversationId = created.headers.location?.split('/').at(-1) ?? '';
  await untilAtRest();
});
afterAll(() => product?.stop());

describe('a change that another site causes', () => {
  it.each(foreignOrigins())('is refused from %s, whatever it sends', async (_name, from) => {
    const before = everythingStored();
    for (const path of changingAddresses()) {
      for (const type of contentTypes) {
        const answer = await visitor.send(path, {
          method: 'POST',
          headers: { ...from(), ...(type === null ? {} : { 'content-type': type }) },
          body: bodyOf(type),
        });
        expect(answer.status, `${path} as ${type}`).toBe(403);
      }
    }
    expect(everythingStored()).toBe(before);
  });

  it.each(['PUT', 'PATCH', 'DELETE'])('is refused by %s too', async (method) => {
    for (const path of changingAddresses()) {
      const answer = await visitor.send(path, { method, headers: { origin: 'https://evil.test' } });
      expect(answer.status, path).toBe(403);
    }
  });

  it('is let through from our own pages: the same requests reach their address', async () => {
    const answer = await visitor.post('/api/preferences', { key: 'language', value: 'auto' });
    expect(answer.status).toBe(200);
    expect((await visitor.act('/profile?/language', { language: 'auto' })).status).toBe(200);
  });

  it('has its line in the log, by the id that its answer names', async () => {
    const headers = { origin: 'https://evil.test', 'x-request-id': 'foreign-change-1' };
    const answer = await visitor.send('/profile?/language', { method: 'POST', headers });
    expect(answer.headers['x-request-id']).toBe('foreign-change-1');
    const lines = () => parseLog(product.standardOutput().replace(/[^\n]*$/, ''));
    await expect
      .poll(() => lines().find(({ x_request_id }) => x_request_id === 'foreign-change-1'))
      .toMatchObject({ message: 'Request', method: 'POST', status: 403, outcome: 'refused' });
  });

  it('gets no permission by a preflight', async () => {
    for (const path of ['/api/preferences', '/session/renew', '/dashboard']) {
      const { headers } = await visitor.send(path, {
        method: 'OPTIONS',
        headers: { origin: 'https://evil.test', 'access-control-request-method': 'POST' },
      });
      expect(headers['access-control-allow-origin']).toBeUndefined();
      expect(headers['access-control-allow-credentials']).toBeUndefined();
    }
  });

  it('reads no answer either: nothing allows another origin', async () => {
    for (const path of readingAddresses()) {
      const { headers } = await visitor.send(path, { headers: { origin: 'https://evil.test' } });
      expect(headers['access-control-allow-origin'], path).toBeUndefined();
      expect(headers['cross-origin-resource-policy'], path).toBe('same-origin');
    }
  });
});

describe('a listed site', () => {
  it('may ask, at the API alone', async () => {
    const ask = (path: string) =>
      visitor.send(path, {
        method: 'OPTIONS',
        headers: { origin: partner, 'access-control-request-method': 'POST' },
      });
    expect(await ask('/api/conversations')).toMatchObject({
      status: 204,
      headers: { 'access-control-allow-origin': partner },
    });
    expect((await ask('/profile')).headers['access-control-allow-origin']).toBeUndefined();
  });

  it('can neither read nor change anything by the session of whoever looks at it', async () => {
    const before = everythingStored();
    const headers = { origin: partner, 'content-type': 'application/json' };
    const read = await visitor.send('/api/conversations', { headers });
    expect(read.status).toBe(401);
    expect(read.headers['access-control-allow-credentials']).toBeUndefined();
    const body = JSON.stringify({ projectKey: 'DEMO' });
    const changed = await visitor.send('/api/conversations', { method: 'POST', headers, body });
    expect(changed.status).toBe(403);
    expect(everythingStored()).toBe(before);
  });
});

it('reading changes nothing, at no address, but how long the own session lives', async () => {
  const stored = () => everythingStored((key) => key === 'expires_at' || key === 'last_seen_at');
  const before = stored();
  for (const path of readingAddresses()) {
    await visitor.get(path);
    // The head of a stream that has no end never ends either.
    if (!path.endsWith('/events')) await visitor.send(path, { method: 'HEAD' });
  }
  expect(stored()).toBe(before);
});

describe('every answer', () => {
  const answers = (): Promise<[string, PageAnswer]>[] =>
    [...readingAddresses(), '/nothing-here', '/creator/nothing'].map(
      async (path): Promise<[string, PageAnswer]> => [path, await visitor.get(path)],
    );

  it('says that it is not to be sniffed, framed, embedded or told of elsewhere', async () => {
    for await (const [path, { headers }] of answers()) {
      expect(headers, path).toMatchObject({
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'referrer-policy': 'same-origin',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
        'permissions-policy': expect.stringContaining('camera=()'),
        'x-request-id': expect.stringMatching(/^[\w.-]{8,64}$/),
      });
      expect(headers['x-powered-by'], path).toBeUndefined();
    }
  });

  it('that is a page of a person is kept by no cache', async () => {
    for (const path of ['/dashboard', '/profile', '/configurations', `/creator/${conversationId}`, '/admin'])
      expect((await visitor.get(path)).headers['cache-control'], path).toContain('no-store');
  });

  it('also one that refuses a foreign change carries them', async () => {
    const { headers } = await visitor.send('/api/preferences', {
      method: 'POST',
      headers: { origin: 'https://evil.test', 'content-type': 'application/json' },
    });
    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'x-frame-options': 'DENY' });
  });
});

describe('the content security policy of a page', () => {
  it('lets only scripts with the nonce of this very answer run', async () => {
    const nonces = new Set<string>();
    for (const path of ['/dashboard', '/dashboard', '/admin', '/nothing-here']) {
      const { headers, body } = await visitor.get(path);
      const policy = directivesOf(headers['content-security-policy']);
      const scripts = policy.get('script-src') ?? '';
      const nonce = /'nonce-([^']+)'/.exec(scripts)?.[1] ?? '';
      expect(nonce.length, path).toBeGreaterThan(16);
      expect(scripts).not.toMatch(/unsafe-inline|unsafe-eval|strict-dynamic|\*|https?:|data:/);
      for (const [script] of body.matchAll(/<script(?![^>]*\ssrc=)[^>]*>/g))
        expect(script, path).toContain(`nonce="${nonce}"`);
      expect(body, path).not.toMatch(/<[^>]+\son(?:click|load|error|submit)=/i);
      nonces.add(nonce);
    }
    expect(nonces.size).toBe(4);
  });

  it('closes everything that the product does not need', async () => {
    const policy = directivesOf((await visitor.get('/dashboard')).headers['content-security-policy']);
    expect(policy.get('default-src')).toBe("'self'");
    expect(policy.get('object-src')).toBe("'none'");
    expect(policy.get('base-uri')).toBe("'none'");
    expect(policy.get('frame-ancestors')).toBe("'none'");
    expect(policy.get('form-action')).toBe("'self'");
    const { port } = new URL(product.channelUrl);
    expect(policy.get('connect-src')).toBe(`'self' http://localhost:${port} ws://localhost:${port}`);
  });
});

function changingAddresses(): string[] {
  return routeInventory()
    .filter(({ method }) => method !== 'GET')
    .map(({ path }) => path.replace('[id]', conversationId).replace('[event]', 'run:stop'));
}

/** All but the export of the audit log, which is itself an event of it. */
function readingAddresses(): string[] {
  return routeInventory()
    .filter(({ method, path }) => method === 'GET' && path !== '/admin/audit/export')
    .map(({ path }) => path.replace('[id]', path.startsWith('/api/jobs') ? ulid() : conversationId));
}

/** Named for the report; the port is known once the product runs. */
function foreignOrigins(): [string, () => Record<string, string>][] {
  const { hostname } = new URL('http://localhost');
  const port = () => Number(new URL(product.url).port);
  return [
    ['another site', () => ({ origin: 'https://evil.test' })],
    ['a page without an origin of its own', () => ({ origin: 'null' })],
    ['another port of this host', () => ({ origin: `http://${hostname}:${port() + 1}` })],
    ['the same host over https', () => ({ origin: `https://${hostname}:${port()}` })],
    ['a subdomain', () => ({ origin: `http://sub.${hostname}:${port()}` })],
    ['a host that begins like ours', () => ({ origin: `http://${hostname}:${port()}.evil.test` })],
    ['another name of this machine', () => ({ origin: `http://127.0.0.1:${port()}` })],
    ['our name in capitals', () => ({ origin: `HTTP://LOCALHOST:${port()}` })],
    ['a browser that only says cross-site', () => ({ 'sec-fetch-site': 'cross-site' })],
    ['a browser that only says same-site', () => ({ 'sec-fetch-site': 'same-site' })],
  ];
}

function bodyOf(type: string | null): string {
  if (type?.startsWith('application/json')) return JSON.stringify({ key: 'language', value: 'auto' });
  if (type?.startsWith('multipart'))
    return '--x\r\nContent-Disposition: form-data; name="language"\r\n\r\nauto\r\n--x--\r\n';
  return 'language=auto&kind=jira&userId=u&jobId=j';
}

function everythingStored(isLeftOut = (_column: string) => false): string {
  const db = product.openDatabase();
  const hash = createHash('sha256');
  for (const table of tables) {
    const rows = db.prepare(`SELECT * FROM "${table}"`).all();
    hash.update(JSON.stringify(rows, (key, value: unknown) => (isLeftOut(key) ? undefined : value)));
  }
  db.close();
  return hash.digest('hex');
}

/** The first run of the conversation writes until it asks or is done. */
async function untilAtRest(): Promise<void> {
  for (;;) {
    const db = product.openDatabase();
    const running = db.prepare("SELECT count(*) FROM run WHERE status = 'running'").pluck().get();
    db.close();
    if (running === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function directivesOf(policy: unknown): Map<string, string> {
  return new Map(
    String(policy)
      .split(';')
      .map((part) => part.trim())
      .filter((part) => part !== '')
      .map((part) => {
        const [name = '', ...values] = part.split(' ');
        return [name, values.join(' ')];
      }),
  );
}
