import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { alice, deletedPerson, inactivePerson, ines, omar } from '../people.ts';
import { startSandbox, type Sandbox } from '../start-sandbox.ts';
import { demoStory, practiceClient } from '../testing/practice-client.ts';

let sandbox: Sandbox;
beforeEach(async () => {
  sandbox = await startSandbox({ dataDir: ':memory:', contextPaths: { jira: '/jira' } });
});
afterEach(() => sandbox.close());

const api = '/rest/api/2';
const jiraOf = (person?: Parameters<typeof practiceClient>[2]) => practiceClient(sandbox, 'jira', person);
const keysOf = async (jql: string, person = alice) => {
  const answer = await jiraOf(person).get<{ issues: { key: string }[] }>(
    `${api}/search?jql=${encodeURIComponent(jql)}`,
  );
  expect(answer.status, answer.text).toBe(200);
  return answer.json().issues.map(({ key }) => key);
};

describe('who may do what', () => {
  it.each([
    ['/myself', 'no token', undefined, 401],
    ['/myself', 'a wrong token', 'not-a-token', 401],
    ['/serverInfo', 'no token', undefined, 200],
    ['/serverInfo', 'a wrong token', 'not-a-token', 401],
    ['/issue/DEMO-1', 'a wrong token', 'not-a-token', 401],
    ['/issue/DEMO-1', 'an inactive account', inactivePerson, 401],
    ['/issue/OPS-1', 'a person who may not browse the project', omar, 404],
    ['/issue/OPS-1', 'a person who may', alice, 200],
    ['/project/OPS', 'a person who may not browse the project', omar, 404],
    ['/issue/createmeta/OPS/issuetypes', 'a person who may not browse the project', omar, 400],
  ])('%s with %s', async (path, _who, person, status) => {
    const answer = await jiraOf(person).get(api + path);
    expect(answer.status).toBe(status);
    if (status >= 400) expect(answer.json()).toEqual({ errorMessages: [expect.any(String)], errors: {} });
  });

  it('answers a search with a wrong token as anonymous, who finds nothing', async () => {
    const answer = await jiraOf('not-a-token').get(`${api}/search?jql=project%3DDEMO`);
    expect(answer.status).toBe(200);
    expect(answer.json()).toMatchObject({ total: 0, issues: [] });
    expect(answer.headers.get('x-ausername')).toBe('anonymous');
  });

  it('answers a wrong password with HTML', async () => {
    const response = await fetch(`${sandbox.jiraUrl}${api}/myself`, {
      headers: { authorization: `Basic ${btoa('E10421:wrong')}` },
    });
    expect(response.status).toBe(401);
    expect(response.headers.get('content-type')).toContain('text/html');
    expect(response.headers.get('x-seraph-loginreason')).toBe('AUTHENTICATED_FAILED');
  });

  it('still says who an inactive or deleted account was', async () => {
    const inactive = await jiraOf(inactivePerson).get(`${api}/myself`);
    const deleted = await jiraOf(deletedPerson).get(`${api}/myself`);
    expect(inactive.json()).toMatchObject({ active: false, deleted: false });
    expect(deleted.json()).toMatchObject({ active: false, deleted: true });
  });

  it('names itself with its context path, and answers nothing outside of it', async () => {
    const me = (await jiraOf(alice).get<{ self: string }>(`${api}/myself`)).json();
    expect(me.self).toBe(`${sandbox.jiraUrl}${api}/user?username=E10421`);
    expect(sandbox.jiraUrl).toMatch(/\/jira$/);
    const outside = await fetch(`${new URL(sandbox.jiraUrl).origin}${api}/myself`);
    expect(outside.status).toBe(404);
  });
});

describe('an issue', () => {
  it('is created, read, found, linked, moved, changed and deleted', async () => {
    const jira = jiraOf(omar);
    const created = await jira.post<{ key: string }>(
      `${api}/issue`,
      demoStory({
        labels: ['blg-01'],
        customfield_10106: 3,
        customfield_10102: 'DEMO-1',
        components: [{ name: 'Billing' }],
      }),
    );
    expect(created.status).toBe(201);
    const { key } = created.json();
    expect(await keysOf('labels = "blg-01"', omar)).toEqual([key]);

    const link = { type: { name: 'Blocks' }, inwardIssue: { key }, outwardIssue: { key: 'DEMO-4' } };
    expect((await jira.post(`${api}/issueLink`, link)).status).toBe(201);
    expect((await jira.post(`${api}/issue/${key}/transitions`, { transition: { id: '31' } })).status).toBe(
      204,
    );
    expect((await jira.put(`${api}/issue/${key}`, { fields: { summary: 'Another' } })).status).toBe(204);
    expect((await jira.get(`${api}/issue/${key}`)).json()).toMatchObject({
      key,
      fields: {
        summary: 'Another',
        labels: ['blg-01'],
        customfield_10106: 3,
        customfield_10102: 'DEMO-1',
        status: { name: 'Done' },
        reporter: { name: omar.employeeId },
        issuelinks: [{ type: { outward: 'blocks' }, outwardIssue: { key: 'DEMO-4' } }],
      },
    });
    const other = (await jira.get<{ fields: { issuelinks: unknown[] } }>(`${api}/issue/DEMO-4`)).json();
    expect(other.fields.issuelinks).toEqual([
      expect.objectContaining({ inwardIssue: expect.objectContaining({ key }) as unknown }),
    ]);

    expect((await jira.delete(`${api}/issue/${key}`)).status).toBe(204);
    expect((await jira.get(`${api}/issue/${key}`)).status).toBe(404);
    const next = await jira.post<{ key: string }>(`${api}/issue`, demoStory());
    expect(next.json().key).not.toBe(key);
  });

  it('may be deleted by its creator and by an administrator only', async () => {
    const created = await jiraOf(alice).post<{ key: string }>(`${api}/issue`, demoStory());
    const path = `${api}/issue/${created.json().key}`;
    expect((await jiraOf(omar).delete(path)).status).toBe(403);
    expect((await jiraOf(ines).delete(path)).status).toBe(204);
  });

  it.each([
    ['no project', { project: undefined }, { project: 'valid project is required' }],
    ['an unknown type', { issuetype: { name: 'Saga' } }, { issuetype: 'valid issue type is required' }],
    ['no summary', { summary: ' ' }, { summary: 'You must specify a summary of the issue.' }],
    [
      'a summary of two lines',
      { summary: 'a\nb' },
      { summary: expect.stringContaining('newline') as string },
    ],
    [
      'a summary of 256 characters',
      { summary: 'a'.repeat(256) },
      { summary: 'Summary must be less than 255 characters.' },
    ],
    [
      'a label with a blank',
      { labels: ['a b'] },
      { labels: "The label 'a b' contains spaces which is invalid." },
    ],
    ['points as text', { customfield_10106: '3' }, { customfield_10106: 'Operation value must be a number' }],
    [
      'an epic that is a story',
      { customfield_10102: 'DEMO-4' },
      { customfield_10102: "Issue 'DEMO-4' is not an Epic." },
    ],
    [
      'an epic without a name',
      { issuetype: { name: 'Epic' } },
      { customfield_10104: 'Epic Name is required.' },
    ],
    [
      'fields that are not on the screen',
      {
        project: { key: 'OPS' },
        labels: ['a'],
        customfield_10106: 3,
        customfield_10201: { value: 'R1 - low' },
      },
      {
        labels: "Field 'labels' cannot be set. It is not on the appropriate screen, or unknown.",
        customfield_10106:
          "Field 'customfield_10106' cannot be set. It is not on the appropriate screen, or unknown.",
      },
    ],
    ['no risk class in OPS', { project: { key: 'OPS' } }, { customfield_10201: 'Risk class is required.' }],
  ])('is refused with %s', async (_what, fields, errors) => {
    const answer = await jiraOf(alice).post(`${api}/issue`, demoStory(fields));
    expect(answer.status).toBe(400);
    expect(answer.json()).toEqual({ errorMessages: [], errors });
  });

  it('tells by create-meta exactly which fields may be set', async () => {
    type Page = { values: { fieldId: string; required: boolean }[]; isLast: boolean };
    const metaOf = async (project: string) =>
      (
        await jiraOf(alice).get<Page>(`${api}/issue/createmeta/${project}/issuetypes/10001?maxResults=4`)
      ).json();
    const demo = await metaOf('DEMO');
    expect(demo).toMatchObject({ startAt: 0, maxResults: 4, isLast: false });
    expect(demo.values).toHaveLength(4);
    const ops = await jiraOf(alice).get<Page>(`${api}/issue/createmeta/OPS/issuetypes/10001`);
    const fields = new Map(ops.json().values.map(({ fieldId, required }) => [fieldId, required]));
    expect([fields.get('customfield_10201'), fields.has('labels'), fields.has('customfield_10106')]).toEqual([
      true,
      false,
      false,
    ]);
  });
});

describe('JQL', () => {
  it.each([
    ['project = DEMO AND issuetype = Epic ORDER BY key', ['DEMO-1', 'DEMO-2', 'DEMO-3']],
    ['key in (DEMO-5, DEMO-6) order by key desc', ['DEMO-6', 'DEMO-5']],
    [
      '"Epic Link" = DEMO-2 AND status != Done AND reporter = currentUser() ORDER BY key',
      ['DEMO-8', 'DEMO-15'],
    ],
    ['text ~ "exporting umlauts"', ['DEMO-17']],
    [
      'summary ~ "invoic*" and not labels in (export, notifications) and type = Story order by key',
      ['DEMO-4', 'DEMO-14'],
    ],
    ['project = OPS and labels is empty and issuetype != Story', ['OPS-1']],
    ['cf[10106] > 3', ['DEMO-8']],
    ['"Risk class" = "R3 - high"', ['OPS-2']],
    ['created >= -10d', ['OPS-8']],
    ['created >= startOfDay() and labels = nothing', []],
    ['priority = Highest', ['DEMO-10']],
    ['statusCategory = "In Progress" and type = Bug', ['DEMO-10']],
  ])('finds %s', async (jql, keys) => {
    expect(await keysOf(jql)).toEqual(keys);
  });

  it.each([
    ['project = NOPE', "The value 'NOPE' does not exist for the field 'project'."],
    ['colour = red', "Field 'colour' does not exist or you do not have permission to view it."],
    ['project ~ DEMO', "The operator '~' is not supported by the 'project' field."],
    ['key = DEMO-999', "An issue with key 'DEMO-999' does not exist for field 'key'."],
    ['created > yesterday', expect.stringContaining("Date value 'yesterday'") as string],
    ['reporter = admins()', "Unable to find JQL function 'admins()'."],
    ['order by text', "Not able to sort using field 'text'."],
    ['project =', expect.stringContaining('Error in the JQL Query') as string],
  ])('refuses %s', async (jql, message) => {
    const answer = await jiraOf(alice).post(`${api}/search`, { jql });
    expect(answer.status).toBe(400);
    expect(answer.json()).toEqual({ errorMessages: [message], errors: {} });
  });

  it('shows only what the person may browse, a page at a time, with the fields that were asked for', async () => {
    expect(await keysOf('text ~ refund order by key', omar)).toEqual(['DEMO-14']);
    const body = { jql: 'project = DEMO order by key', startAt: 2, maxResults: 1, fields: ['summary'] };
    const page = (await jiraOf(omar).post(`${api}/search`, body)).json();
    expect(page).toMatchObject({
      startAt: 2,
      maxResults: 1,
      issues: [{ key: 'DEMO-3', fields: { summary: expect.any(String) as string } }],
    });
    expect((page.issues as [{ fields: object }])[0].fields).toEqual({
      summary: expect.any(String) as string,
    });
  });
});

describe('a page for a person', () => {
  it('shows wiki markup and lets no script through', async () => {
    const description =
      'h2. Why\n* *bold* [x|javascript:alert(1)] [y|https://example.test/"><script>]\n<script>alert(1)</script>\n{code}<img src=x onerror=alert(1)>{code}';
    const created = await jiraOf(alice).post<{ key: string }>(
      `${api}/issue`,
      demoStory({ description, summary: '<b>"Summary"</b>' }),
    );
    const page = await practiceClient(sandbox, 'jira').get(`/browse/${created.json().key}`);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(page.text).toContain('<h2>Why</h2>');
    expect(page.text).toContain('<strong>bold</strong>');
    expect(page.text).not.toMatch(/<script|<img|<b>|href="javascript/);
    expect(page.text).toContain('Practice Jira');
  });

  it('shows projects, their issues and avatars without a token', async () => {
    const jira = practiceClient(sandbox, 'jira');
    expect((await jira.get('/')).text).toContain('Customer Portal');
    expect((await jira.get('/projects/OPS')).text).toContain('OPS-2');
    expect((await jira.get('/browse/DEMO-99999')).status).toBe(404);
    const avatar = await jira.get(`/secure/useravatar?size=small&ownerId=${alice.userKey}`);
    expect(avatar.headers.get('content-type')).toContain('image/svg+xml');
    expect(avatar.text).toContain('width="24"');
  });
});
