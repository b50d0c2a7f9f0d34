import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { alice } from '../../src/lib/sandbox/people.ts';
import { startLiveProduct, type LiveProduct } from '../support/live-product.ts';
import { createVisitor, type PageAnswer, type Visitor } from '../support/page-visitor.ts';
import { password } from '../support/running-app.ts';
import { openSocketTab } from '../support/socket-client.ts';

const origin = 'https://backlogue.example.test';

describe('behind a proxy that ends TLS', () => {
  let product: LiveProduct;
  let visitor: Visitor;
  beforeAll(async () => {
    product = await startLiveProduct({ origin, env: { TRUST_PROXY: '1' } });
    visitor = createVisitor(product);
    await visitor.join(alice);
  });
  afterAll(() => product?.stop());

  it('every cookie is bound to this host, and neither scripts nor plain http see it', async () => {
    const fresh = createVisitor(product);
    const answers = [
      await fresh.submit('/sign-in', { login: alice.employeeId, password }),
      await fresh.submit('/forgot', { jiraToken: alice.jiraToken }),
    ];
    const lines = answers.flatMap(({ setCookies }) => setCookies);
    expect(lines).toHaveLength(2);
    for (const line of lines) {
      expect(line).toMatch(/^__Host-backlogue/);
      for (const flag of [/; Path=\//i, /; HttpOnly/i, /; Secure/i, /; SameSite=Lax/i])
        expect(line).toMatch(flag);
      expect(line).not.toMatch(/; Domain=/i);
    }
  });

  it('a cookie of the plain name, which anybody in the domain can plant, signs nobody in', async () => {
    const value = visitor.cookies.get('__Host-backlogue-session') ?? '';
    const planted = createVisitor(product);
    planted.cookies.set('backlogue-session', value);
    expect((await planted.get('/dashboard')).status).toBe(303);
  });

  it('browsers are told to stay with https for a year', async () => {
    const fresh = createVisitor(product);
    const page = await fresh.get('/sign-in');
    const script = /\/_app\/immutable\/[^"]+\.js/.exec(page.body)?.[0] ?? '';
    for (const path of ['/sign-in', '/healthz', '/nothing-here', script, '/favicon.svg']) {
      const { status, headers } = await fresh.get(path);
      expect([path, status === 200 || path === '/nothing-here']).toEqual([path, true]);
      expect(headers, path).toMatchObject({
        'strict-transport-security': 'max-age=31536000',
        'x-content-type-options': 'nosniff',
      });
    }
  });

  it('every page leaves room in the 4 KiB that a proxy keeps for headers, and names its charset', async () => {
    const { headers } = await visitor.submit('/creator?/create', {
      text: 'Export invoices',
      projectKey: 'DEMO',
    });
    const location = headers.location ?? 'no conversation';
    const pages = [
      '/dashboard',
      '/creator',
      location,
      '/configurations',
      '/profile',
      '/rules',
      '/tools',
      '/no',
    ];
    for (const path of [...pages, '/sign-in?because=expired']) {
      const { headers } = await visitor.get(path);
      const bytes = Object.entries(headers).join('\r\n').length;
      expect([path, headers['content-type']]).toEqual([path, 'text/html; charset=utf-8']);
      expect(bytes, path).toBeLessThan(2_048);
    }
  });

  it('a page names the scripts that it needs first, so that they do not wait for each other', async () => {
    const { body } = await visitor.get('/dashboard');
    const [head = ''] = body.split('</head>');
    expect(head.match(/<link rel="modulepreload" href="[^"]+\.js">/g)?.length).toBeGreaterThan(3);
    expect(head.match(/<link rel="preload" as="font"/g)).toHaveLength(1);
  });

  it('the origin is the one that is set: what the client claims about host and scheme changes nothing', async () => {
    const claims: Record<string, string> = {
      'x-forwarded-proto': 'http',
      'x-forwarded-host': 'evil.test',
      'x-forwarded-port': '81',
      forwarded: 'host=evil.test;proto=http',
    };
    const { headers, body } = await createVisitor(product).send('/dashboard', { headers: claims });
    expect(headers.location).toBe('/sign-in');
    expect(body).not.toContain('evil.test');
    const refused = await visitor.submit(
      '/profile?/language',
      { language: 'auto' },
      {
        ...claims,
        origin: 'http://evil.test',
      },
    );
    expect(refused.status).toBe(403);
    const taken = await visitor.submit('/profile?/language', { language: 'auto' }, claims);
    expect(taken.status).toBe(200);
  });

  it('the channel takes our origin over https and no other', async () => {
    const cookie = visitor.cookieHeader();
    const tab = await openSocketTab(product.channelUrl, { cookie, origin });
    tab.close();
    for (const other of ['http://backlogue.example.test', 'https://evil.test', `${origin}.evil.test`, null])
      await expect(openSocketTab(product.channelUrl, { cookie, origin: other })).rejects.toThrow();
  });

  it('a person comes from where the proxy saw them, not from where they say', async () => {
    const fresh = createVisitor(product);
    const claimed = '198.51.100.66';
    const seen = '203.0.113.7';
    await fresh.submit(
      '/sign-in',
      { login: alice.employeeId, password },
      { 'x-forwarded-for': `${claimed}, ${seen}` },
    );
    const { body } = await fresh.get('/profile');
    expect(body).toContain(seen);
    expect(body).not.toContain(claimed);
  });
});

describe('without a proxy', () => {
  let product: LiveProduct;
  beforeAll(async () => {
    product = await startLiveProduct();
  });
  afterAll(() => product?.stop());

  it('a made-up X-Forwarded-For is not believed', async () => {
    const visitor = createVisitor(product);
    await visitor.join(alice);
    const fresh = createVisitor(product);
    await fresh.submit(
      '/sign-in',
      { login: alice.employeeId, password },
      { 'x-forwarded-for': '203.0.113.7' },
    );
    expect((await fresh.get('/profile')).body).not.toContain('203.0.113.7');
  });

  it('cookies over http are HttpOnly and SameSite=Lax, without a prefix that http cannot have', async () => {
    const visitor = createVisitor(product);
    const answer: PageAnswer = await visitor.submit('/register', { jiraToken: alice.jiraToken });
    for (const line of answer.setCookies) {
      expect(line).toMatch(/; HttpOnly/i);
      expect(line).toMatch(/; SameSite=Lax/i);
      expect(line).not.toMatch(/; Secure|__Host-/i);
    }
    expect(answer.headers['strict-transport-security']).toBeUndefined();
  });
});
