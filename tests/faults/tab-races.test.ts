import { afterAll, beforeAll, expect, test } from 'vitest';
import { alice } from '../../src/lib/sandbox/people.ts';
import { createdKeys } from '../support/jira-truth.ts';
import { openTalk, startTalk, type Talk } from '../support/main-job.ts';
import { startApp, type RunningApp, type SignedIn } from '../support/running-app.ts';

/** Each conversation holds two races: one for its questions, one for its approval. */
const conversations = process.env.TEST_SCALE === 'long' ? 500 : 12;
const perTab = 4;
const requirement = 'Account owners can see the date of their last login, export it, and mail it to support.';

let running: RunningApp;
let who: SignedIn;
beforeAll(async () => {
  running = await startApp();
  who = await running.join(alice);
});
afterAll(() => running.close());

test(`Of tabs and double clicks that race, exactly one answers and exactly one approves, ${conversations} times`, async () => {
  for (let n = 0; n < conversations; n++) {
    const first = await startTalk(running, who);
    const tabs = [first, await openTalk(running, who, first.conversationId)];
    await first.say(requirement);
    if (first.status() === 'needs_answer') {
      await together(tabs, (talk) => talk.tab.ask('clarify:answer', first.skipped()));
      await first.tab.until(() => first.status() === 'needs_review' || first.status() === 'needs_answer');
      while (first.status() === 'needs_answer') await first.skipQuestions();
    }
    const ready = first.ready();
    const before = createdKeys(sandbox()).length;
    // Every click is an approval of its own, as from pages that know nothing of each other.
    await together(tabs, (talk) => talk.tab.ask('review:approve', first.approval(ready)));
    await first.tab.until(() => first.status() === 'done');
    expect(createdKeys(sandbox())).toHaveLength(before + ready.length);
    expect(first.eventsOf('approved')).toHaveLength(1);
    await tabs[1]?.tab.until(() => tabs[1]?.events().at(-1)?.seq === first.events().at(-1)?.seq);
    expect(tabs[1]?.drafts()).toEqual(first.drafts());
    for (const { tab } of tabs) tab.close();
  }
});

async function together(tabs: Talk[], act: (talk: Talk) => Promise<unknown>): Promise<void> {
  const clicks = tabs.flatMap((talk) => Array.from({ length: perTab }, () => act(talk)));
  const outcomes = await Promise.allSettled(clicks);
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
}

function sandbox() {
  const { sandbox: practice } = running.app;
  if (!practice) throw new Error('The practice servers did not start.');
  return practice;
}
