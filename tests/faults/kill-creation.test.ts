import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { alice } from '../../src/lib/sandbox/people.ts';
import type { Sandbox } from '../../src/lib/sandbox/start-sandbox.ts';
import type { StoryDraft } from '../../src/lib/contracts/story.ts';
import { makeAppFolder, type AppFolder } from '../support/app-folder.ts';
import { loadAppProcess, type AppProcess } from '../support/app-process.ts';
import { createdKeys, createPath, failCreate, issuesWith } from '../support/jira-truth.ts';
import { openTalk, startTalk, talkOver, type Talk } from '../support/main-job.ts';
import { startApp, type SignedIn } from '../support/running-app.ts';
import { startTestSandbox } from '../support/sandbox.ts';
import { seededRandom } from '../support/seeded-random.ts';

const seed = Number(process.env.TEST_SEED ?? Math.floor(Math.random() * 1e9));
const points = process.env.TEST_SCALE === 'long' ? 500 : 12;
/** `TEST_POINTS=0-63`: a part of the points of one seed, so that a campaign can be run in pieces. */
const [firstPoint = 0, pointAfter = points] = (process.env.TEST_POINTS ?? '')
  .split('-')
  .filter(Boolean)
  .map(Number);
const moments = ['before_it_is_applied', 'before_the_answer', 'any'] as const;

interface Point {
  projectKey: 'DEMO' | 'OPS';
  moment: (typeof moments)[number];
  /** Which of the four create calls. */
  nth: number;
  isIndexLate: boolean;
  afterMs: number;
}

/** Two conversations at their review, copied for each point. */
let template: AppFolder;
let who: SignedIn;
let templateUntil = 0;
let conversations: Record<Point['projectKey'], string>;
let ports: { jira: number; confluence: number; llm: number };
let next: AppProcess;

/** Shorter than the session in it lives, which is never used and so never prolonged. */
const TEMPLATE_LIFE_MS = 10 * 60_000;

beforeAll(async () => {
  await makeTemplate();
  next = loadAppProcess();
});
afterAll(async () => {
  await next.kill();
  template.remove();
});

async function makeTemplate(): Promise<void> {
  template = makeAppFolder();
  templateUntil = Date.now() + TEMPLATE_LIFE_MS;
  const sandbox = await startTestSandbox({ llmPace: { firstTokenMs: 0, tokenMs: 0 } });
  const running = await startApp({ folder: template, overrides: { practice: sandbox } });
  who = await running.join(alice);
  const [demo, ops] = [await startTalk(running, who, 'DEMO'), await startTalk(running, who, 'OPS')];
  await demo.toReview();
  await ops.toReview();
  await giveRiskClasses(ops);
  conversations = { DEMO: demo.conversationId, OPS: ops.conversationId };
  const port = (url: string) => Number(new URL(url).port);
  ports = {
    jira: port(sandbox.jiraUrl),
    confluence: port(sandbox.confluenceUrl),
    llm: port(sandbox.llmUrl),
  };
  await running.close();
  await sandbox.close();
}

const random = seededRandom(seed);
const all = Array.from({ length: points }, (_, index): Point => {
  return {
    projectKey: random() < 0.7 ? 'DEMO' : 'OPS',
    moment: moments[index % moments.length] ?? 'any',
    nth: 1 + Math.floor(random() * 4),
    isIndexLate: random() < 0.5,
    afterMs: Math.floor(random() * 250),
  };
});

test.each(all.slice(firstPoint, pointAfter))(
  `Killed in $projectKey ($moment, call $nth, $afterMs ms, index late: $isIndexLate; TEST_SEED=${seed}), nothing is lost and nothing doubled`,
  async (point) => {
    if (Date.now() > templateUntil) {
      template.remove();
      await makeTemplate();
    }
    const sandbox = await startTestSandbox({ ports, llmPace: { firstTokenMs: 0, tokenMs: 0 } });
    const folder = template.copy();
    try {
      const approved = await approveAndKill(point, folder, sandbox);
      await takeUp(point, folder, sandbox, approved);
    } finally {
      await sandbox.close();
      folder.remove();
    }
  },
);

async function approveAndKill(point: Point, folder: AppFolder, sandbox: Sandbox): Promise<StoryDraft[]> {
  const app = next;
  next = loadAppProcess();
  // Whatever goes wrong here, none may be left to create issues in the next point's Jira, which has the same address.
  try {
    await app.start(folder, sandbox);
    if (point.isIndexLate)
      sandbox.faults.add({ target: 'jira', effect: { kind: 'index-lag', ms: 3_600_000 } });
    if (point.moment !== 'any') {
      failCreate(sandbox, { kind: 'hang', applied: point.moment === 'before_the_answer' }, point.nth);
    }
    const talk = talkOver(await app.tab(who), conversations[point.projectKey]);
    await talk.joined();
    const approved = talk.ready();
    await talk.tab.ask('review:approve', talk.approval());
    if (point.moment === 'any') await pause(point.afterMs);
    else await sandbox.ledger.waitFor({ product: 'jira', path: createPath, fault: 'hang' });
    await app.kill();
    talk.tab.close();
    return approved;
  } finally {
    await app.kill();
  }
}

async function takeUp(
  { projectKey, moment }: Point,
  folder: AppFolder,
  sandbox: Sandbox,
  approved: StoryDraft[],
): Promise<void> {
  const running = await startApp({ folder, overrides: { practice: sandbox } });
  try {
    const talk = await openTalk(running, who, conversations[projectKey]);
    if (talk.status() === 'interrupted') await talk.goOn();
    const unknown: string[] = [];
    for (const { id, posting } of approved) {
      const marker = posting?.markerLabel ?? '';
      const { status } = await talk.untilDraft(id, (draft) => ['created', 'unknown'].includes(draft.status));
      if (status === 'created') continue;
      if ((await issuesWith(sandbox, marker)).length === 0) unknown.push(id);
      else await talk.untilDraft(id, (draft) => draft.status === 'created');
    }
    if (moment === 'before_it_is_applied') expect(unknown).toHaveLength(1);
    if (moment === 'before_the_answer') expect(unknown).toHaveLength(0);
    for (const id of unknown) await createAnyway(talk, id);

    const keys = approved.map(({ id }) => talk.drafts().find((draft) => draft.id === id)?.issue?.key);
    expect(new Set(keys).size).toBe(approved.length);
    expect([...keys].sort()).toEqual(createdKeys(sandbox).sort());
  } finally {
    await running.close();
  }
}

async function createAnyway(talk: Talk, draftId: string): Promise<void> {
  const draft = talk.drafts().find(({ id }) => id === draftId);
  await talk.resolve({ choice: 'create_anyway', intentId: draft?.intentId ?? '' });
  await talk.untilDraft(draftId, ({ status }) => status === 'created');
}

async function giveRiskClasses(talk: Talk): Promise<void> {
  for (const draft of talk.drafts().filter(({ status }) => status === 'proposed')) {
    const { missingFields = [] } = draft.posting ?? {};
    const filled = missingFields.map(({ fieldId, options }) => [fieldId, { id: options[0]?.id ?? '' }]);
    await talk.fill(draft, Object.fromEntries(filled));
  }
  await talk.tab.until(() => talk.ready().length > 1 && talk.drafts().every(isReadyOrSplit));
}

function isReadyOrSplit({ status, posting }: StoryDraft): boolean {
  return status === 'split' || posting?.missingFields.length === 0;
}
