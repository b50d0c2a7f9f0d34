import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { StoryDraft } from '../../../src/lib/contracts/story.ts';
import type { FaultEffect } from '../../../src/lib/sandbox/faults.ts';
import { alice, omar } from '../../../src/lib/sandbox/people.ts';
import type { Sandbox } from '../../../src/lib/sandbox/start-sandbox.ts';
import { createdKeys, createPath, failCreate, issuesWith } from '../../support/jira-truth.ts';
import { startTalk, type Talk } from '../../support/main-job.ts';
import { startApp, type RunningApp, type SignedIn } from '../../support/running-app.ts';

const smallRequirement = 'Account owners should see the date of their last login on the profile page.';

let running: RunningApp;
let who: SignedIn;
let other: SignedIn;
let sandbox: Sandbox;
let nowOffsetMs = 0;

beforeAll(async () => {
  const clock = { now: () => Date.now() + nowOffsetMs };
  running = await startApp({ overrides: { clock } });
  who = await running.join(alice);
  other = await running.join(omar);
  if (!running.app.sandbox) throw new Error('The practice servers did not start.');
  sandbox = running.app.sandbox;
});
afterEach(() => {
  sandbox.faults.clear();
});
afterAll(async () => {
  await running.close();
});

/** A review with at least one story, and the first of them. */
async function reviewed(): Promise<{ talk: Talk; story: StoryDraft; marker: string }> {
  const talk = await startTalk(running, who);
  await talk.toReview(smallRequirement);
  const [story] = talk.ready();
  if (!story?.posting) throw new Error('Nothing was drafted.');
  return { talk, story, marker: story.posting.markerLabel };
}

const stateOf = (talk: Talk, { id }: StoryDraft) => talk.drafts().find((draft) => draft.id === id);

describe('a create call that Jira', () => {
  const json = (status: number, body: unknown, headers: Record<string, string> = {}): FaultEffect => ({
    kind: 'reply',
    status,
    headers,
    body: JSON.stringify(body),
  });

  test.each<[string, FaultEffect, string]>([
    [
      'refuses with 400',
      json(400, { errorMessages: [], errors: { summary: 'You must specify a summary.' } }),
      'You must specify a summary.',
    ],
    [
      'answers with a sign-in page',
      { kind: 'reply', status: 401, headers: { 'content-type': 'text/html' }, body: '<html>Log in</html>' },
      'token',
    ],
    ['limits for an hour', json(429, {}, { 'retry-after': '3600' }), 'Jira'],
  ])('%s has failed for certain, and a retry sends it again', async (_, effect, sentence) => {
    const { talk, story, marker } = await reviewed();
    failCreate(sandbox, effect);
    await talk.approve([story]);
    const failed = stateOf(talk, story);
    expect(failed).toMatchObject({ status: 'failed', issue: null });
    expect(failed?.problem?.message).toContain(sentence);
    expect(await issuesWith(sandbox, marker)).toHaveLength(0);

    await talk.resolve({ choice: 'retry', intentId: failed?.intentId ?? '' });
    const created = await talk.untilDraft(story.id, ({ status }) => status === 'created');
    expect(await issuesWith(sandbox, marker)).toEqual([created.issue?.key]);
  });

  test('limits for a moment is sent again by itself', async () => {
    const { talk, story, marker } = await reviewed();
    failCreate(sandbox, json(429, {}, { 'retry-after': '1' }));
    await talk.approve([story]);
    expect(stateOf(talk, story)?.status).toBe('created');
    expect(await issuesWith(sandbox, marker)).toHaveLength(1);
  });

  test.each<[string, FaultEffect]>([
    ['applied and lost the answer of', { kind: 'drop-after' }],
    ['applied and answered half of', { kind: 'cut-body' }],
    ['applied and answered with broken JSON', { kind: 'malformed-body' }],
    ['applied and answered 502 to', { ...json(502, {}), applied: true } as FaultEffect],
    ['applied and never answered', { kind: 'hang', applied: true }],
  ])('%s it is found again and not sent twice', async (_, effect) => {
    const { talk, story, marker } = await reviewed();
    failCreate(sandbox, effect);
    await talk.approve([story]);
    const created = await talk.untilDraft(story.id, ({ status }) => status === 'created');
    expect(await issuesWith(sandbox, marker)).toEqual([created.issue?.key]);
  });

  test('applied while its index lags is found by its key', async () => {
    const { talk, story, marker } = await reviewed();
    sandbox.faults.add({ target: 'jira', effect: { kind: 'index-lag', ms: 60_000 } });
    failCreate(sandbox, { kind: 'drop-after' });
    await talk.approve([story]);
    const created = await talk.untilDraft(story.id, ({ status }) => status === 'created');
    expect(await issuesWith(sandbox, marker)).toEqual([created.issue?.key]);
  });

  test.each<[string, FaultEffect]>([
    ['dropped unread', { kind: 'drop-before' }],
    ['answered 503 to', json(503, {})],
  ])('%s it stays unknown, is not sent again by itself, and waits for a person', async (_, effect) => {
    const { talk, story, marker } = await reviewed();
    failCreate(sandbox, effect);
    await talk.approve([story]);
    const unknown = stateOf(talk, story);
    expect(unknown).toMatchObject({ status: 'unknown', issue: null });
    await talk.resolve({ choice: 'check_again', intentId: unknown?.intentId ?? '' });
    expect(await issuesWith(sandbox, marker)).toHaveLength(0);

    await talk.resolve({ choice: 'create_anyway', intentId: unknown?.intentId ?? '' });
    const created = await talk.untilDraft(story.id, ({ status }) => status === 'created');
    expect(await issuesWith(sandbox, marker)).toEqual([created.issue?.key]);
    await expect(
      talk.resolve({ choice: 'create_anyway', intentId: unknown?.intentId ?? '' }),
    ).rejects.toThrow('creation_settled');
  });
});

describe('an unknown outcome', () => {
  async function unknown(effect: FaultEffect = { kind: 'drop-before' }) {
    const { talk, story, marker } = await reviewed();
    failCreate(sandbox, effect);
    // Whoever looks meanwhile is not believed: the token seems to be somebody else's.
    const blindfold = sandbox.faults.add({
      target: 'jira',
      match: { method: 'GET', path: '/rest/api/2/myself' },
      effect: { kind: 'reply', status: 200, body: JSON.stringify(someoneElse) },
    });
    await talk.approve([story]);
    const draft = await talk.untilDraft(story.id, ({ status }) => status === 'unknown');
    return {
      talk,
      story,
      marker,
      intentId: draft.intentId ?? '',
      see: () => sandbox.faults.remove(blindfold),
    };
  }
  const someoneElse = {
    self: 'http://127.0.0.1/rest/api/2/user?username=E1',
    key: 'x',
    name: 'E1',
    emailAddress: 'e1@example.test',
    displayName: 'E 1',
    active: true,
    deleted: false,
    avatarUrls: {},
  };

  test('is not settled by what another person sees', async () => {
    const { talk, story, intentId, see } = await unknown({ kind: 'drop-after' });
    await talk.resolve({ choice: 'check_again', intentId });
    expect(stateOf(talk, story)?.status).toBe('unknown');
    see();
    await talk.resolve({ choice: 'check_again', intentId });
    await talk.untilDraft(story.id, ({ status }) => status === 'created');
  });

  test('is a person’s to decide after the horizon, who may enter the key', async () => {
    const { talk, story, intentId, see } = await unknown({ kind: 'drop-after' });
    nowOffsetMs += 700_000;
    const asked = await talk.untilDraft(story.id, ({ problem }) => problem?.code === 'creation_undecided');
    expect(asked.status).toBe('unknown');
    const key = createdKeys(sandbox).at(-1) ?? '';
    await expect(talk.resolve({ choice: 'enter_key', intentId, issueKey: 'DEMO-99999' })).rejects.toThrow(
      'issue_key_unknown',
    );
    await expect(talk.resolve({ choice: 'enter_key', intentId, issueKey: 'OPS-1' })).rejects.toThrow(
      'issue_key_unknown',
    );
    await talk.resolve({ choice: 'enter_key', intentId, issueKey: key });
    const created = await talk.untilDraft(story.id, ({ status }) => status === 'created');
    expect(created).toMatchObject({ issue: { key }, problem: null });
    see();
  });

  test('is not settled with the issue of another story', async () => {
    const earlier = await reviewed();
    await earlier.talk.approve([earlier.story]);
    const key = stateOf(earlier.talk, earlier.story)?.issue?.key ?? '';
    earlier.talk.tab.close();
    const { talk, story, intentId, see } = await unknown();
    await expect(talk.resolve({ choice: 'enter_key', intentId, issueKey: key })).rejects.toThrow(
      'issue_key_taken',
    );
    expect(stateOf(talk, story)).toMatchObject({ status: 'unknown', issue: null });
    see();
  });

  test('that is created anyway is looked for once more before', async () => {
    const { talk, story, marker, intentId, see } = await unknown({ kind: 'drop-after' });
    see();
    await talk.resolve({ choice: 'create_anyway', intentId }).catch(() => undefined);
    const created = await talk.untilDraft(story.id, ({ status }) => status === 'created');
    expect(await issuesWith(sandbox, marker)).toEqual([created.issue?.key]);
  });

  test('is nobody else’s to decide', async () => {
    const { talk, intentId, see } = await unknown();
    const tab = await running.tab(other);
    await expect(
      tab.ask('creation:resolve', {
        conversationId: talk.conversationId,
        intentId,
        choice: 'create_anyway',
      }),
    ).rejects.toThrow('conversation_missing');
    see();
  });
});

test('Stopped between two stories, the first is created and the rest failed, unsent', async () => {
  const talk = await startTalk(running, who);
  await talk.toReview();
  const ready = talk.ready();
  const before = createdKeys(sandbox).length;
  sandbox.faults.add({
    target: 'jira',
    match: { method: 'POST', pathPattern: `^${createPath}$` },
    effect: { kind: 'delay', ms: 300 },
  });
  const { runId } = await talk.tab.ask('review:approve', talk.approval(ready));
  await talk.untilDraft(ready[0]?.id ?? '', ({ status }) => status === 'sending');
  await talk.tab.ask('run:stop', { conversationId: talk.conversationId });
  expect(await talk.runEnd(runId)).toMatchObject({ end: 'stopped' });
  const statuses = ready.map((story) => stateOf(talk, story)?.status);
  expect(statuses).toEqual(['created', ...ready.slice(1).map(() => 'failed')]);
  expect(createdKeys(sandbox)).toHaveLength(before + 1);
});
