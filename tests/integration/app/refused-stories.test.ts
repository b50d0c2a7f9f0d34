import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { StoryDraft } from '../../../src/lib/contracts/story.ts';
import { alice } from '../../../src/lib/sandbox/people.ts';
import type { Sandbox } from '../../../src/lib/sandbox/start-sandbox.ts';
import { failCreate, issuesWith } from '../../support/jira-truth.ts';
import { requirement as manyStories, startTalk, type Talk } from '../../support/main-job.ts';
import { startApp, type RunningApp, type SignedIn } from '../../support/running-app.ts';

const smallRequirement = 'Account owners should see the date of their last login on the profile page.';

let running: RunningApp;
let who: SignedIn;
let sandbox: Sandbox;

beforeAll(async () => {
  running = await startApp();
  who = await running.join(alice);
  if (!running.app.sandbox) throw new Error('The practice servers did not start.');
  sandbox = running.app.sandbox;
});
afterEach(() => {
  sandbox.faults.clear();
});
afterAll(async () => {
  await running.close();
});

const stateOf = (talk: Talk, { id }: StoryDraft) => talk.drafts().find((draft) => draft.id === id);

describe('a story that failed', () => {
  async function failed(requirement: string = smallRequirement) {
    const talk = await startTalk(running, who);
    await talk.toReview(requirement);
    const [story] = talk.ready();
    if (!story?.posting) throw new Error('Nothing was drafted.');
    const marker = story.posting.markerLabel;
    failCreate(sandbox, { kind: 'reply', status: 400, body: '{"errorMessages":["No."],"errors":{}}' });
    await talk.approve([story]);
    const draft = await talk.untilDraft(story.id, ({ status }) => status === 'failed');
    return { talk, story, marker, intentId: draft.intentId ?? '' };
  }

  test('and was edited since is not sent as it was', async () => {
    const { talk, story, intentId, marker } = await failed();
    const { conversationId } = talk;
    const edit = { summary: 'Another summary that the person wrote' };
    await talk.tab.ask('draft:edit', {
      conversationId,
      draftId: story.id,
      baseVersion: story.version,
      edit,
    });
    await expect(talk.resolve({ choice: 'retry', intentId })).rejects.toThrow('creation_settled');
    expect(await issuesWith(sandbox, marker)).toHaveLength(0);
    expect(stateOf(talk, story)?.status).toBe('proposed');
  });

  test.each([
    ['alone', smallRequirement],
    ['beside the stories that wait there', manyStories],
  ])('comes back to review once it was edited, %s', async (_, requirement) => {
    const { talk, story, intentId } = await failed(requirement);
    const waiting = talk.ready().map(({ id }) => id);
    await talk.tab.ask('draft:edit', {
      conversationId: talk.conversationId,
      draftId: story.id,
      baseVersion: story.version,
      edit: { summary: 'A summary that Jira takes' },
    });
    const edited = await talk.untilDraft(
      story.id,
      ({ content, posting }) => content.summary === 'A summary that Jira takes' && posting !== null,
    );
    expect(talk.status()).toBe('needs_review');
    expect(talk.eventsOf('review').at(-1)?.body.draftIds).toEqual([...waiting, story.id]);
    await expect(talk.resolve({ choice: 'retry', intentId })).rejects.toThrow('creation_settled');
    await talk.approve([edited]);
    expect(stateOf(talk, story)).toMatchObject({ status: 'created' });
    talk.tab.close();
  });

  test('is changed by an instruction too', async () => {
    const { talk, story } = await failed();
    await talk.say('Rename the first story to “A summary that Jira takes”.');
    expect(talk.status()).toBe('needs_review');
    await talk.approve([
      await talk.untilDraft(story.id, ({ content }) => content.summary === 'A summary that Jira takes'),
    ]);
    expect(stateOf(talk, story)).toMatchObject({ status: 'created' });
    talk.tab.close();
  });

  test('is sent once by two retries at once', async () => {
    const { talk, story, intentId, marker } = await failed();
    const outcomes = await Promise.allSettled(
      Array.from({ length: 5 }, () => talk.resolve({ choice: 'retry', intentId })),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    await talk.untilDraft(story.id, ({ status }) => status === 'created');
    expect(await issuesWith(sandbox, marker)).toHaveLength(1);
  });
});

describe('a story that could not be prepared', () => {
  const jiraIsAway = () =>
    sandbox.faults.add({
      target: 'jira',
      match: { pathPattern: 'createmeta' },
      effect: { kind: 'reply', status: 503, headers: { 'content-type': 'text/html' }, body: '<h1>Down</h1>' },
    });

  test('says why, and is prepared again with all others when the person asks for it', async () => {
    const talk = await startTalk(running, who);
    const away = jiraIsAway();
    await talk.toReview(manyStories);
    expect(talk.ready()).toEqual([]);
    const stories = talk.drafts().filter(({ status }) => status === 'proposed');
    for (const { posting, problem } of stories)
      expect({ posting, problem }).toMatchObject({ posting: null, problem: { code: 'jira_failed' } });

    sandbox.faults.remove(away);
    await talk.tab.ask('review:prepare', { conversationId: talk.conversationId });
    await talk.tab.until(() => talk.ready().length === stories.length);
    expect(talk.ready().map(({ problem, version }) => ({ problem, version }))).toEqual(
      stories.map(({ version }) => ({ problem: null, version })),
    );
  });
});
