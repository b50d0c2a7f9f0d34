import { setTimeout as pause } from 'node:timers/promises';
import { ulid } from 'ulid';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { StoryDraft } from '../../src/lib/contracts/story.ts';
import { alice } from '../../src/lib/sandbox/people.ts';
import type { Sandbox } from '../../src/lib/sandbox/start-sandbox.ts';
import { makeAppFolder, type AppFolder } from '../support/app-folder.ts';
import { loadAppProcess, type AppProcess } from '../support/app-process.ts';
import { createdKeys } from '../support/jira-truth.ts';
import { openTalk, requirement, startTalk, talkOver, type Talk } from '../support/main-job.ts';
import { startApp, type SignedIn } from '../support/running-app.ts';
import { startTestSandbox } from '../support/sandbox.ts';
import { seededRandom } from '../support/seeded-random.ts';

/** A process is told to stop, as a service manager does it, while four conversations are at work in it. */
const seed = Number(process.env.TEST_SEED ?? Math.floor(Math.random() * 1e9));
const stops = process.env.TEST_SCALE === 'long' ? 50 : 5;
/** Two apps load in each, which a busy machine takes long for. */
const pointTimeoutMs = 180_000;

let template: AppFolder;
let who: SignedIn;
/** Two that were never written in, one that was asked questions, one with stories to review. */
let conversations: { new: string[]; asked: string; review: string };
let ports: { jira: number; confluence: number; llm: number };
let next: AppProcess;

beforeAll(async () => {
  template = makeAppFolder();
  const sandbox = await startTestSandbox(atOnce);
  const running = await startApp({ folder: template, overrides: { practice: sandbox } });
  who = await running.join(alice);
  const fresh = [await startTalk(running, who), await startTalk(running, who)];
  const asked = await startTalk(running, who);
  await asked.say(requirement);
  const review = await startTalk(running, who);
  await review.toReview();
  conversations = {
    new: fresh.map(({ conversationId }) => conversationId),
    asked: asked.conversationId,
    review: review.conversationId,
  };
  const port = (url: string) => Number(new URL(url).port);
  ports = { jira: port(sandbox.jiraUrl), confluence: port(sandbox.confluenceUrl), llm: port(sandbox.llmUrl) };
  await running.close();
  await sandbox.close();
  next = loadAppProcess();
});
afterAll(async () => {
  await next.kill();
  template.remove();
});

const atOnce = { llmPace: { firstTokenMs: 0, tokenMs: 0 } };
const random = seededRandom(seed);
const moments = Array.from({ length: stops }, () => ({ afterMs: Math.floor(random() * 400) }));

test.each(moments)(
  `Stopped in order $afterMs ms into its work (TEST_SEED=${seed}), it ends well, and nothing that was accepted is lost or doubled`,
  async ({ afterMs }) => {
    const sandbox = await startTestSandbox({ ...atOnce, ports });
    const folder = template.copy();
    try {
      const accepted = await workAndStop(afterMs, folder, sandbox);
      await takeUp(accepted, folder, sandbox);
    } finally {
      await sandbox.close();
      folder.remove();
    }
  },
  pointTimeoutMs,
);

interface Accepted {
  /** By conversation: the message that the process said yes to. */
  messages: Map<string, string>;
  approved: StoryDraft[];
}

async function workAndStop(afterMs: number, folder: AppFolder, sandbox: Sandbox): Promise<Accepted> {
  const app = next;
  next = loadAppProcess();
  await app.start(folder, sandbox);
  const tab = await app.tab(who);
  const [asked, review] = [talkOver(tab, conversations.asked), talkOver(tab, conversations.review)];
  await asked.joined();
  await review.joined();
  const approved = review.ready();
  const messages = new Map(conversations.new.map((id) => [id, ulid()]));
  await tab.ask('review:approve', review.approval());
  await tab.ask('clarify:answer', asked.skipped());
  for (const [conversationId, messageId] of messages)
    await tab.ask('message:send', { conversationId, messageId, text: requirement, draftIds: [] });
  await pause(afterMs);
  expect(await app.stop()).toBe(0);
  tab.close();
  return { messages, approved };
}

async function takeUp({ messages, approved }: Accepted, folder: AppFolder, sandbox: Sandbox): Promise<void> {
  const running = await startApp({ folder, overrides: { practice: sandbox } });
  try {
    for (const [conversationId, messageId] of messages) {
      const talk = await openTalk(running, who, conversationId);
      const said = talk.tab.events.filter(({ type }) => type === 'message_added');
      expect(said.map(({ body }) => (body as { messageId: string }).messageId)).toContain(messageId);
      await atRest(talk, 'needs_answer');
    }
    await atRest(await openTalk(running, who, conversations.asked), 'needs_review');

    const talk = await openTalk(running, who, conversations.review);
    if (talk.status() === 'interrupted') await talk.goOn();
    for (const { id } of approved) await talk.untilDraft(id, ({ status }) => status === 'created');
    const keys = approved.map(({ id }) => talk.drafts().find((draft) => draft.id === id)?.issue?.key);
    expect(new Set(keys).size).toBe(approved.length);
    expect([...keys].sort()).toEqual(createdKeys(sandbox).sort());
  } finally {
    await running.close();
  }
}

/** What was cut short goes on with one click; what had come to its question or review is still there. */
async function atRest(talk: Talk, status: 'needs_answer' | 'needs_review'): Promise<void> {
  expect([status, 'interrupted']).toContain(talk.status());
  if (talk.status() === 'interrupted') await talk.goOn();
  expect(talk.status()).toBe(status);
}
