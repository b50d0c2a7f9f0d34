import { afterAll, beforeAll, expect, test } from 'vitest';
import { alice } from '../../../src/lib/sandbox/people.ts';
import type { Sandbox } from '../../../src/lib/sandbox/start-sandbox.ts';
import { practiceClient } from '../../../src/lib/sandbox/testing/practice-client.ts';
import { createPath, failCreate } from '../../support/jira-truth.ts';
import { startTalk, type Talk } from '../../support/main-job.ts';
import { startApp, type RunningApp, type SignedIn } from '../../support/running-app.ts';

let running: RunningApp;
let who: SignedIn;
let sandbox: Sandbox;
beforeAll(async () => {
  running = await startApp();
  who = await running.join(alice);
  if (!running.app.sandbox) throw new Error('The practice servers did not start.');
  sandbox = running.app.sandbox;
});
afterAll(() => running.close());

const proposed = (talk: Talk) => talk.drafts().filter(({ status }) => status === 'proposed');

interface Issue {
  fields: { description: string; issuelinks: { outwardIssue?: { key: string } }[] };
}
const issue = async (key: string | undefined) =>
  (await practiceClient(sandbox, 'jira', alice).get<Issue>(`${createPath}/${key}`)).json();

test('A project without labels and points, and with a required field, asks for it and then creates', async () => {
  const talk = await startTalk(running, who, 'OPS');
  await talk.toReview();
  const stories = proposed(talk);
  expect(talk.ready()).toEqual([]);
  expect(stories[0]?.posting).toMatchObject({ labels: [], storyPoints: null });
  await expect(talk.tab.ask('review:approve', talk.approval(stories))).rejects.toThrow('draft_incomplete');

  const [story] = stories;
  const [risk] = story?.posting?.missingFields ?? [];
  if (!story || !risk) throw new Error('Nothing is missing.');
  await talk.fill(story, { [risk.fieldId]: { id: risk.options[0]?.id ?? '' } });
  // What was filled once fills the other stories too.
  await talk.tab.until(() => talk.ready().length === stories.length);
  const ready = talk.ready();
  // An answer that is lost must be found by the last line of the description.
  failCreate(sandbox, { kind: 'drop-after' });
  await talk.approve();
  for (const { id, posting } of ready) {
    const created = await talk.untilDraft(id, ({ status }) => status === 'created');
    expect((await issue(created.issue?.key)).fields.description).toContain(posting?.markerLabel);
  }
});

test('What was filled once is filled in the next conversation of the project, and can be changed for one story', async () => {
  const talk = await startTalk(running, who, 'OPS');
  await talk.toReview();
  const [story] = talk.ready();
  const [risk] = story?.posting?.rememberedFields ?? [];
  if (!story || !risk) throw new Error('Nothing was remembered.');
  expect(proposed(talk).flatMap(({ posting }) => posting?.missingFields ?? [])).toEqual([]);
  const other = { [risk.fieldId]: { id: risk.options[1]?.id ?? '' } };
  await talk.fill(story, other);
  const changed = await talk.untilDraft(
    story.id,
    ({ version, posting }) => version > story.version && posting !== null,
  );
  expect(changed.posting).toMatchObject({ extraFields: other, rememberedFields: [] });
});

test('Split stories block each other in their order, whenever the later one comes', async () => {
  const talk = await startTalk(running, who);
  await talk.toReview();
  failCreate(sandbox, { kind: 'reply', status: 400, body: '{"errorMessages":["No."],"errors":{}}' }, 2);
  const ready = talk.ready();
  await talk.approve();
  const [first, second, third] = ready.map(({ id }) => talk.drafts().find((draft) => draft.id === id));
  expect(second?.status).toBe('failed');
  const linksOf = async (key: string | undefined) =>
    (await issue(key)).fields.issuelinks.flatMap(({ outwardIssue }) => outwardIssue?.key ?? []);
  expect(await linksOf(first?.issue?.key)).toEqual([]);

  await talk.resolve({ choice: 'retry', intentId: second?.intentId ?? '' });
  const late = await talk.untilDraft(second?.id ?? '', ({ status }) => status === 'created');
  await expect.poll(() => linksOf(first?.issue?.key)).toEqual([late.issue?.key]);
  await expect.poll(() => linksOf(late.issue?.key)).toEqual([third?.issue?.key]);
});

test('While Jira cannot be read an edited story keeps its text and cannot be approved; afterwards it can', async () => {
  const talk = await startTalk(running, who);
  await talk.toReview();
  const [story] = talk.ready();
  if (!story) throw new Error('Nothing was drafted.');
  sandbox.faults.add({ target: 'jira', effect: { kind: 'reply', status: 503 } });
  const { conversationId } = talk;
  const edit = { summary: 'What the person wrote while Jira was down' };
  await talk.tab.ask('draft:edit', {
    conversationId,
    draftId: story.id,
    baseVersion: story.version,
    edit,
  });
  const unprepared = await talk.untilDraft(story.id, ({ problem }) => problem !== null);
  expect(unprepared).toMatchObject({ status: 'proposed', content: edit, posting: null });
  sandbox.faults.clear();

  await expect(talk.tab.ask('review:approve', talk.approval([unprepared]))).rejects.toThrow(/./);
  const shown = { ...talk.approval([unprepared]) };
  shown.drafts = shown.drafts.map((draft) => ({ ...draft, hash: '0'.repeat(64) }));
  await expect(talk.tab.ask('review:approve', shown)).rejects.toThrow('draft_unprepared');
  const prepared = await talk.untilDraft(story.id, ({ posting }) => posting !== null);
  // What was shown before the edit is not approved by it.
  await expect(talk.tab.ask('review:approve', talk.approval([story]))).rejects.toThrow('draft_changed');
  await talk.approve([prepared]);
  expect(talk.drafts().find(({ id }) => id === story.id)).toMatchObject({ status: 'created' });
});
