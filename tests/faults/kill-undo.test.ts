import { afterAll, beforeAll, expect, test } from 'vitest';
import { alice } from '../../src/lib/sandbox/people.ts';
import type { Sandbox } from '../../src/lib/sandbox/start-sandbox.ts';
import { practiceClient } from '../../src/lib/sandbox/testing/practice-client.ts';
import { makeAppFolder, type AppFolder } from '../support/app-folder.ts';
import { loadAppProcess } from '../support/app-process.ts';
import { createdKeys, createPath } from '../support/jira-truth.ts';
import { openTalk, startTalk, talkOver, type Talk } from '../support/main-job.ts';
import { startApp, type SignedIn } from '../support/running-app.ts';
import { startTestSandbox } from '../support/sandbox.ts';

interface Launch {
  conversationId: string;
  /** What Jira made for it, in order. */
  keys: string[];
}

const kills = [
  { call: 'deleting', applied: false, became: 'deleted' },
  { call: 'deleting', applied: true, became: 'deleted' },
  { call: 'closing', applied: false, became: 'closed' },
  { call: 'closing', applied: true, became: 'closed' },
] as const;

/** Launches that created their issues, one for each kill, in a folder that is copied for each; Jira lives on. */
let template: AppFolder;
let sandbox: Sandbox;
let who: SignedIn;
const launches: Launch[] = [];

beforeAll(async () => {
  template = makeAppFolder();
  sandbox = await startTestSandbox({ llmPace: { firstTokenMs: 0, tokenMs: 0 } });
  const running = await startApp({ folder: template, overrides: { practice: sandbox } });
  who = await running.join(alice);
  for (const _ of kills) {
    const before = createdKeys(sandbox).length;
    const talk = await startTalk(running, who);
    await talk.toReview();
    await talk.approve();
    launches.push({ conversationId: talk.conversationId, keys: createdKeys(sandbox).slice(before) });
  }
  await running.close();
});
afterAll(async () => {
  await sandbox.close();
  template.remove();
});

const deleting = { method: 'DELETE', pathPattern: `^${createPath}/` };
const closing = { method: 'POST', pathPattern: '/transitions$' };
const refused = { kind: 'reply', status: 403, body: '{"errorMessages":["No."],"errors":{}}' } as const;

test.each(kills)(
  'Killed while $call an issue (applied: $applied), the next process takes every one of them back and keeps none as touched',
  async ({ call, applied, became }) => {
    const folder = template.copy();
    const { conversationId, keys } = launches.pop() ?? { conversationId: '', keys: [] };
    try {
      expect(keys.length).toBeGreaterThan(1);
      await undoAndKill(folder, conversationId, call, applied);
      if (call === 'closing') sandbox.faults.add({ target: 'jira', match: deleting, effect: refused });

      const running = await startApp({ folder, overrides: { practice: sandbox } });
      try {
        const talk = await openTalk(running, who, conversationId);
        const issues = () => talk.eventsOf('launch_undo').at(-1)?.body.issues ?? [];
        await talk.tab.until(() => issues().length > 0 && issues().every(({ state }) => state !== 'waiting'));
        expect(issues().map(({ key, state }) => [key, state])).toEqual(keys.map((key) => [key, became]));
        for (const key of keys) expect(await whatBecameOf(key), key).toBe(became);
      } finally {
        await running.close();
      }
    } finally {
      sandbox.faults.clear();
      folder.remove();
    }
  },
);

/** Begins to undo in a process of its own, which dies while Jira has its second call of that kind. */
async function undoAndKill(
  folder: AppFolder,
  conversationId: string,
  call: 'deleting' | 'closing',
  applied: boolean,
): Promise<void> {
  const app = loadAppProcess();
  await app.start(folder, sandbox);
  const match = call === 'deleting' ? deleting : closing;
  if (call === 'closing') sandbox.faults.add({ target: 'jira', match: deleting, effect: refused });
  // An effect that only the practice model knows leaves Jira as it is, and uses up the first call.
  sandbox.faults.add({ target: 'jira', match, times: 1, effect: { kind: 'scenario', name: 'as usual' } });
  sandbox.faults.add({ target: 'jira', match, times: 1, effect: { kind: 'hang', applied } });
  const talk: Talk = talkOver(await app.tab(who), conversationId);
  await talk.joined();
  const approvalId = talk.eventsOf('approved').at(-1)?.body.approvalId ?? '';
  sandbox.ledger.clear();
  const hung = sandbox.ledger.waitFor({ product: 'jira', fault: 'hang' });
  await talk.tab.ask('creation:undo', { conversationId, approvalId });
  await hung;
  await app.kill();
  talk.tab.close();
  sandbox.faults.clear();
}

async function whatBecameOf(key: string): Promise<string> {
  const jira = practiceClient(sandbox, 'jira', alice);
  const found = await jira.get<{ fields: { status: { statusCategory: { key: string } } } }>(
    `${createPath}/${key}`,
  );
  if (found.status === 404) return 'deleted';
  return found.json().fields.status.statusCategory.key === 'done' ? 'closed' : 'open';
}
