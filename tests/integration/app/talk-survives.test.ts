import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { alice } from '../../../src/lib/sandbox/people.ts';
import type { Sandbox } from '../../../src/lib/sandbox/start-sandbox.ts';
import { makeAppFolder, type AppFolder } from '../../support/app-folder.ts';
import { loadAppProcess } from '../../support/app-process.ts';
import { createdKeys } from '../../support/jira-truth.ts';
import { openTalk, requirement, startTalk, talkOver } from '../../support/main-job.ts';
import { startApp, type RunningApp, type SignedIn } from '../../support/running-app.ts';
import { startTestSandbox } from '../../support/sandbox.ts';

let folder: AppFolder;
let sandbox: Sandbox;
let who: SignedIn;
let waiting: { clarify: string; review: string };

beforeAll(async () => {
  folder = makeAppFolder();
  sandbox = await startTestSandbox({ llmPace: { firstTokenMs: 0, tokenMs: 0 } });
  const running = await start();
  who = await running.join(alice);
  const [asked, drafted] = [await startTalk(running, who), await startTalk(running, who)];
  await asked.say(requirement);
  await drafted.toReview();
  waiting = { clarify: asked.conversationId, review: drafted.conversationId };
  await running.close();
});
afterAll(async () => {
  await sandbox.close();
  folder.remove();
});

const start = () => startApp({ folder, overrides: { practice: sandbox } });

async function withApp(work: (running: RunningApp) => Promise<void>): Promise<void> {
  const running = await start();
  try {
    await work(running);
  } finally {
    await running.close();
  }
}

describe('A process that is killed while the agent', () => {
  test('waits or works leaves every question, review and draft to be taken up', async () => {
    const app = loadAppProcess();
    await app.start(folder, sandbox);
    const tab = await app.tab(who);
    const [asked, drafted] = [talkOver(tab, waiting.clarify), talkOver(tab, waiting.review)];
    await asked.joined();
    await drafted.joined();
    // Killed in the middle of writing the drafts.
    sandbox.faults.add({ target: 'llm', times: 1, effect: { kind: 'hang' } });
    await tab.ask('clarify:answer', asked.skipped());
    await sandbox.ledger.waitFor({ product: 'llm', fault: 'hang' });
    await app.kill();
    sandbox.faults.clear();

    await withApp(async (running) => {
      const again = await openTalk(running, who, waiting.clarify);
      expect(again.status()).toBe('interrupted');
      expect(await again.goOn()).toMatchObject({ end: 'waiting' });
      expect(again.status()).toBe('needs_review');
      const ready = again.ready();
      const before = createdKeys(sandbox).length;
      expect(await again.approve()).toMatchObject({ end: 'completed' });
      expect(createdKeys(sandbox)).toHaveLength(before + ready.length);

      const review = await openTalk(running, who, waiting.review);
      expect(review.status()).toBe('needs_review');
      expect(await review.approve()).toMatchObject({ end: 'completed' });
    });
  });
});

test('A process that ends in order while it creates leaves the rest to be taken up, and Continue sends it', async () => {
  let conversationId = '';
  let stories = 0;
  const before = createdKeys(sandbox).length;
  await withApp(async (running) => {
    const talk = await startTalk(running, who);
    await talk.toReview();
    conversationId = talk.conversationId;
    const ready = talk.ready();
    stories = ready.length;
    sandbox.faults.add({
      target: 'jira',
      match: { method: 'POST', path: '/rest/api/2/issue' },
      times: 1,
      effect: { kind: 'delay', ms: 300 },
    });
    await talk.tab.ask('review:approve', talk.approval());
    await talk.untilDraft(ready[0]?.id ?? '', ({ status }) => status === 'sending');
  });
  expect(createdKeys(sandbox)).toHaveLength(before + 1);
  await withApp(async (running) => {
    const talk = await openTalk(running, who, conversationId);
    expect(talk.status()).toBe('interrupted');
    expect(talk.drafts().filter(({ status }) => status === 'approved')).toHaveLength(stories - 1);
    expect(await talk.goOn()).toMatchObject({ end: 'completed' });
    expect(createdKeys(sandbox)).toHaveLength(before + stories);
  });
});

test('Approved stories that were never sent are in the review again when their person goes on with a message', async () => {
  let conversationId = '';
  await withApp(async (running) => {
    const talk = await startTalk(running, who);
    await talk.toReview();
    conversationId = talk.conversationId;
    sandbox.faults.add({
      target: 'jira',
      match: { method: 'POST', path: '/rest/api/2/issue' },
      times: 1,
      effect: { kind: 'delay', ms: 300 },
    });
    await talk.tab.ask('review:approve', talk.approval());
    await talk.tab.until(() => talk.drafts().some(({ status }) => status === 'sending'));
  });
  await withApp(async (running) => {
    const talk = await openTalk(running, who, conversationId);
    const left = talk.drafts().filter(({ status }) => status === 'approved');
    expect(left.length).toBeGreaterThan(0);
    await talk.say('What is the second story about?');
    expect(talk.status()).toBe('needs_review');
    expect(talk.ready().map(({ id }) => id)).toEqual(left.map(({ id }) => id));
    const before = createdKeys(sandbox).length;
    expect(await talk.approve()).toMatchObject({ end: 'completed' });
    expect(createdKeys(sandbox)).toHaveLength(before + left.length);
  });
});

test('Stop in the middle of a draft keeps what was written, and Continue brings the review', async () => {
  const running = await startApp({ overrides: { llmPace: { firstTokenMs: 0, tokenMs: 1 } } });
  try {
    const talk = await startTalk(running, await running.join(alice));
    await talk.say(requirement);
    const { runId } = await talk.tab.ask('clarify:answer', talk.skipped());
    const written = () =>
      talk
        .eventsOf('assistant_token')
        .filter((event) => event.runId === runId && event.body.channel === 'drafts').length;
    await talk.tab.until(() => written() > 20);
    expect(await talk.tab.ask('run:stop', { conversationId: talk.conversationId })).toEqual({
      stopped: true,
    });
    expect(await talk.runEnd(runId)).toMatchObject({ end: 'stopped', problem: null });
    expect(talk.status()).toBe('stopped');
    expect(talk.eventsOf('stream_ended').at(-1)?.body).toMatchObject({ cut: true });

    expect(await talk.goOn()).toMatchObject({ end: 'waiting' });
    expect(talk.status()).toBe('needs_review');
  } finally {
    await running.close();
  }
});

test('Signing out ends the sockets of that session, and of no other', async () => {
  await withApp(async (running) => {
    const elsewhere = await running.signIn(alice);
    const [here, there] = [await running.tab(who), await running.tab(elsewhere)];
    const { session } = running.app.services;
    const live = await session.authenticate(elsewhere.cookie.split('=').slice(1).join('='));
    if (!live) throw new Error('The session is not live.');
    await session.signOut(live, 'test-request-2');
    await there.until(() => !there.socket.connected);
    await pause(50);
    expect(here.socket.connected).toBe(true);
  });
});
