import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { alice, omar } from '../../../src/lib/sandbox/people.ts';
import type { Sandbox } from '../../../src/lib/sandbox/start-sandbox.ts';
import { createConfluenceRest } from '../../../src/lib/server/adapters/confluence-rest.ts';
import { storageToParagraphs } from '../../../src/lib/server/adapters/confluence/storage-to-paragraphs.ts';
import { createJiraRest } from '../../../src/lib/server/adapters/jira-rest.ts';
import type { JiraRest } from '../../../src/lib/server/adapters/jira-rest.ts';
import { readCreateScreen } from '../../../src/lib/server/adapters/jira/create-screen.ts';
import { fetchAvatar } from '../../../src/lib/server/adapters/jira/fetch-avatar.ts';
import { linkIssues } from '../../../src/lib/server/adapters/jira/link-issues.ts';
import { createTestHttp } from '../../support/outgoing.ts';
import { createRestDeps } from '../../support/rest.ts';
import { startTestSandbox } from '../../support/sandbox.ts';

const http = createTestHttp();
let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startTestSandbox({ contextPaths: { jira: '/jira', confluence: '/wiki' } });
});
afterAll(async () => {
  await http.close();
  await sandbox.close();
});

describe('Jira', () => {
  test('says who a token belongs to, with an avatar from its own origin', async () => {
    const deps = jiraDeps(alice.jiraToken);
    const me = await createJiraRest(deps).myself();
    expect(me).toMatchObject({ name: 'E10421', displayName: 'Alice Martin', active: true, deleted: false });
    expect(me.self.startsWith(`${sandbox.jiraUrl}/rest/api/`)).toBe(true);
    expect(await fetchAvatar(deps, me.avatarUrls['48x48'])).toMatch(/^data:image\/svg\+xml;base64,/);
    expect(await fetchAvatar(deps, 'https://www.gravatar.com/avatar/1')).toBeNull();
  });

  test('is not waited for with an avatar that does not come', async () => {
    const deps = jiraDeps(alice.jiraToken);
    const { avatarUrls } = await createJiraRest(deps).myself();
    sandbox.faults.add({ target: 'jira', match: { path: '/secure/useravatar' }, effect: { kind: 'hang' } });
    try {
      const patient = { connectMs: 60_000, firstByteMs: 60_000, idleMs: 60_000, totalMs: 60_000 };
      expect(await fetchAvatar({ ...deps, timeouts: patient }, avatarUrls['48x48'])).toBeNull();
    } finally {
      sandbox.faults.clear();
    }
  });

  test('refuses a wrong token, even where a search looks like an empty success', async () => {
    const jira = createJiraRest(jiraDeps('not-a-token'));
    await expect(jira.myself()).rejects.toMatchObject({ code: 'jira_token_refused' });
    await expect(jira.search({ jql: 'project = DEMO' })).rejects.toMatchObject({ kind: 'credential' });
  });

  test('shows each person their own projects', async () => {
    const keys = async (jira: JiraRest) => (await jira.projects()).map(({ key }) => key);
    expect(await keys(jiraOf(alice))).toEqual(['DEMO', 'OPS']);
    expect(await keys(jiraOf(omar))).toEqual(['DEMO']);
  });

  test('tells what its create screens take', async () => {
    const demo = await storyScreen('DEMO');
    expect(demo).toMatchObject({
      hasLabels: true,
      storyPointsField: expect.stringMatching(/^customfield_/),
      required: [],
    });
    expect(demo.epicLinkField).toMatch(/^customfield_/);
    const ops = await storyScreen('OPS');
    expect(ops).toMatchObject({
      hasLabels: false,
      storyPointsField: null,
      required: [{ name: 'Risk class' }],
    });
    expect(ops.required[0]?.allowedValues?.length).toBeGreaterThan(1);
  });

  test('creates, finds, labels, moves, links and deletes an issue', async () => {
    const jira = jiraOf(alice);
    const first = await createStory(jira, 'Export invoices', ['blg-1']);
    const second = await createStory(jira, 'Keep an audit trail', []);

    const found = await jira.search({ jql: 'project = DEMO AND labels = "blg-1"' });
    expect(found.issues).toMatchObject([
      { key: first, summary: 'Export invoices', url: `${sandbox.jiraUrl}/browse/${first}` },
    ]);

    await jira.updateLabels(first, { add: ['agreed'], remove: ['blg-1'] });
    const [move] = await jira.transitions(first);
    await jira.transition(first, move?.id ?? '');
    await linkIssues(jira, { type: 'Blocks', from: first, to: second });
    await linkIssues(jira, { type: 'Blocks', from: first, to: second });
    const issue = await jira.issue(first);
    expect(issue).toMatchObject({ labels: ['agreed'], status: move?.to.name, issueType: 'Story' });
    expect(issue.links).toMatchObject([
      { type: 'Blocks', direction: 'outward', phrase: 'blocks', key: second },
    ]);

    await jira.remove(first);
    await expect(jira.issue(first)).rejects.toMatchObject({ code: 'jira_not_found' });
  });

  test('says in a sentence what it refuses', async () => {
    const fields = { project: { key: 'OPS' }, issuetype: { name: 'Story' }, summary: 'No risk class' };
    const refusal = expect.stringContaining('Risk class');
    await expect(jiraOf(alice).create(fields)).rejects.toMatchObject({
      kind: 'refused',
      status: 400,
      message: refusal,
    });
  });
});

describe('A create whose answer is lost', () => {
  test.each(['drop-before', 'drop-after', 'cut-body', 'malformed-body'] as const)(
    '%s may have happened',
    async (kind) => {
      sandbox.faults.add({
        target: 'jira',
        match: { method: 'POST', path: '/rest/api/2/issue' },
        times: 1,
        effect: { kind },
      });
      const failure = await createStory(jiraOf(alice), `Lost by ${kind}`, []).catch(
        (error: unknown) => error,
      );
      expect(['unknown', 'unreadable']).toContain((failure as { kind?: string }).kind);
    },
  );
});

describe('Confluence', () => {
  test('says who a token belongs to, and takes a wrong one for a guest', async () => {
    expect(await confluenceWith(alice.confluenceToken).currentUser()).toMatchObject({ username: 'E10421' });
    await expect(confluenceWith('wrong').currentUser()).rejects.toMatchObject({ kind: 'credential' });
  });

  test('finds a page, reads it by id and by title, and creates one', async () => {
    const confluence = confluenceWith(alice.confluenceToken);
    const [space] = await confluence.spaces();
    const [hit] = await confluence.search({ cql: 'type = page AND text ~ "retention"' });
    const page = await confluence.page(hit?.id ?? '');
    expect(page).toMatchObject({ title: hit?.title, version: expect.any(Number) });
    expect(page.url.startsWith(`${sandbox.confluenceUrl}/`)).toBe(true);
    const paragraphs = storageToParagraphs(page.storage);
    expect(paragraphs.length).toBeGreaterThan(3);
    expect(paragraphs.join('\n')).not.toMatch(/<\/?\w|ac:|ri:/);
    expect((await confluence.pageByTitle(page.spaceKey, page.title))?.id).toBe(page.id);
    expect(await confluence.pageByTitle(page.spaceKey, 'No such page')).toBeNull();

    const made = await confluence.createPage({
      spaceKey: space?.key ?? '',
      title: 'Made by a test',
      storage: '<p>Hello</p>',
    });
    expect(storageToParagraphs((await confluence.page(made.id)).storage)).toEqual(['Hello']);
  });
});

function jiraDeps(token: string) {
  return createRestDeps({ baseUrl: sandbox.jiraUrl, token, http });
}

function jiraOf(person: { jiraToken: string }): JiraRest {
  return createJiraRest(jiraDeps(person.jiraToken));
}

function confluenceWith(token: string) {
  return createConfluenceRest(createRestDeps({ baseUrl: sandbox.confluenceUrl, token, http }));
}

async function storyScreen(projectKey: string) {
  const jira = jiraOf(alice);
  const story = (await jira.issueTypes(projectKey)).find(({ name }) => name === 'Story');
  return readCreateScreen(story?.id ?? '', await jira.createFields(projectKey, story?.id ?? ''));
}

async function createStory(jira: JiraRest, summary: string, labels: string[]): Promise<string> {
  const fields = {
    project: { key: 'DEMO' },
    issuetype: { name: 'Story' },
    summary,
    description: 'As a customer',
    labels,
  };
  return (await jira.create(fields)).key;
}
