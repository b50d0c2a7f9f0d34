import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { alice, inactivePerson } from '../people.ts';
import { startSandbox, type Sandbox } from '../start-sandbox.ts';
import { practiceClient } from '../testing/practice-client.ts';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ dataDir: ':memory:' });
});
afterAll(() => sandbox.close());

const wikiOf = (person?: Parameters<typeof practiceClient>[2]) =>
  practiceClient(sandbox, 'confluence', person);
interface Results {
  results: { id: string; title: string }[];
  size: number;
  _links: { next?: string; base: string; context: string };
}
const search = (cql: string, more = '') =>
  wikiOf(alice).get<Results>(`/rest/api/content/search?cql=${encodeURIComponent(cql)}${more}`);

const newPage = (title: string, value = '<p>New</p>') => ({
  type: 'page',
  title,
  space: { key: 'PORTAL' },
  body: { storage: { value, representation: 'storage' } },
});

describe('who am I', () => {
  it('names a known person', async () => {
    const me = (await wikiOf(alice).get('/rest/api/user/current')).json();
    expect(me).toMatchObject({ type: 'known', username: 'E10421', displayName: 'Alice Martin' });
  });

  it.each([
    ['no token', undefined],
    ['a wrong token', 'wrong'],
    ['an inactive account', inactivePerson],
  ])('is anonymous with %s, who sees nothing and may write nothing', async (_who, person) => {
    const wiki = wikiOf(person);
    const me = await wiki.get('/rest/api/user/current');
    expect([me.status, me.json().type]).toEqual([200, 'anonymous']);
    expect((await wiki.get<Results>('/rest/api/space')).json().size).toBe(0);
    expect((await wiki.get<Results>('/rest/api/content/search?cql=type%3Dpage')).json().size).toBe(0);
    expect((await wiki.get('/rest/api/content/65540')).status).toBe(404);
    expect((await wiki.post('/rest/api/content', newPage('Anonymous'))).status).toBe(403);
  });
});

describe('CQL', () => {
  it.each([
    ['siteSearch ~ "retention of invoices" AND type = page', ['Billing: exports and retention']],
    ['space = OPSDOC AND text ~ "four eyes"', ['Refund audit trail']],
    ['title = "customer roles"', ['Customer roles']],
    [
      'title ~ "password*" or title ~ notification order by title',
      ['Notifications', 'Password rules for partners'],
    ],
  ])('finds %s', async (cql, titles) => {
    const found = (await search(cql)).json();
    expect(found.results.map(({ title }) => title)).toEqual(titles);
  });

  it.each([
    '',
    'colour = red',
    'space ~ PORTAL',
    'space = NOPE',
    'type = page order by colour',
    'title =',
    'creator = currentUser()',
  ])('refuses "%s" in the shape of Confluence', async (cql) => {
    const answer = await search(cql);
    expect(answer.status).toBe(400);
    expect(answer.json()).toMatchObject({
      statusCode: 400,
      data: { valid: false },
      message: expect.stringContaining('Could not parse cql') as string,
      reason: 'Bad Request',
    });
  });

  it('pages through the results by the next link', async () => {
    const first = (await search('type = page', '&limit=5')).json();
    expect(first.size).toBe(5);
    expect(first._links).toMatchObject({ base: sandbox.confluenceUrl, context: '' });
    const second = (await wikiOf(alice).get<Results>(first._links.next ?? '')).json();
    const seen = new Set([...first.results, ...second.results].map(({ id }) => id));
    expect(seen.size).toBe(first.size + second.size);
    expect(second._links.next).toBeUndefined();
  });
});

describe('a page', () => {
  it('is created, read with what is expanded, and written only onto its latest version', async () => {
    const wiki = wikiOf(alice);
    const created = await wiki.post<{ id: string; _links: { base: string; webui: string } }>(
      '/rest/api/content',
      newPage('Export limits'),
    );
    expect(created.status).toBe(200);
    const { id, _links } = created.json();
    expect(_links.base + _links.webui).toBe(`${sandbox.confluenceUrl}/display/PORTAL/Export+limits`);

    const path = `/rest/api/content/${id}`;
    const update = { ...newPage('Export limits', '<p>Changed</p>'), version: { number: 2 } };
    expect((await wiki.put(path, update)).status).toBe(200);
    expect((await wiki.put(path, update)).status).toBe(409);
    expect((await wiki.get(`${path}?expand=body.storage,version,space`)).json()).toMatchObject({
      title: 'Export limits',
      version: { number: 2, by: { username: 'E10421' } },
      space: { key: 'PORTAL' },
      body: { storage: { value: '<p>Changed</p>', representation: 'storage' } },
    });
    expect((await wiki.get(path)).json().body).toBeUndefined();
  });

  it('is refused with a title that its space has already', async () => {
    const answer = await wikiOf(alice).post('/rest/api/content', newPage('CUSTOMER ROLES'));
    expect(answer.status).toBe(400);
    expect(answer.json().message).toContain('already exists');
  });

  it('is found by space and title', async () => {
    const found = (
      await wikiOf(alice).get<Results>('/rest/api/content?spaceKey=PORTAL&title=Notifications')
    ).json();
    expect(found.results.map(({ title }) => title)).toEqual(['Notifications']);
  });

  it('is shown to a person without script, whatever it contains', async () => {
    const hostile =
      '<h1 onclick="x()">Title</h1><script>alert(1)</script><a href="javascript:x()">a</a><img src="https://example.test/x"/><p>&lt;script&gt;</p><div>';
    const created = await wikiOf(alice).post<{ id: string }>(
      '/rest/api/content',
      newPage('Hostile', hostile),
    );
    const page = await practiceClient(sandbox, 'confluence').get(
      `/pages/viewpage.action?pageId=${created.json().id}`,
    );
    expect(page.text).toContain('<h1>Title</h1>');
    expect(page.text).not.toMatch(/<script|<img|onclick|javascript:/);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    const byTitle = await practiceClient(sandbox, 'confluence').get(
      '/display/PORTAL/Billing%3A+exports+and+retention',
    );
    expect(byTitle.text).toContain('10 years');
  });
});
