import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ConversationSummary } from '../../../src/lib/contracts/socket-events.ts';
import { alice, omar } from '../../../src/lib/sandbox/people.ts';
import { makeAppFolder, type AppFolder } from '../../support/app-folder.ts';
import { openTalk, startTalk, type Talk } from '../../support/main-job.ts';
import { startApp, type RunningApp } from '../../support/running-app.ts';

let folder: AppFolder;
let running: RunningApp;
let talk: Talk;
let approvalId: string;

beforeEach(async () => {
  folder = makeAppFolder();
  running = await startApp({ folder });
  talk = await startTalk(running, await running.join(alice));
  await talk.toReview();
  await talk.approve();
  approvalId = talk.eventsOf('approved').at(-1)?.body.approvalId ?? '';
});
afterEach(async () => {
  await running.close();
  folder.remove();
});

const jira = (method: string, path: string, body?: unknown) =>
  fetch(`${running.app.sandbox?.jiraUrl ?? ''}/rest/api/2${path}`, {
    method,
    headers: { authorization: `Bearer ${alice.jiraToken}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
const createdKeys = () => talk.drafts().flatMap(({ issue }) => issue?.key ?? []);
const undo = () => talk.tab.ask('creation:undo', { conversationId: talk.conversationId, approvalId });
const issues = () => talk.eventsOf('launch_undo').at(-1)?.body.issues ?? [];
const listed = () => {
  const told = talk.tab.seen.findLast(({ name }) => name === 'conversations:changed')?.message;
  return (told as { conversation: ConversationSummary } | undefined)?.conversation;
};
async function undone() {
  await talk.tab.until(() => issues().length > 0 && issues().every(({ state }) => state !== 'waiting'));
  return issues();
}

describe('Undoing a launch', () => {
  it('deletes every issue that nobody touched, linked ones too', async () => {
    const keys = createdKeys();
    expect(await undo()).toEqual({ issues: keys.length });
    expect((await undone()).map(({ state }) => state)).toEqual(keys.map(() => 'deleted'));
    for (const key of keys) expect((await jira('GET', `/issue/${key}`)).status).toBe(404);
    expect(new Set(talk.drafts().map(({ status }) => status))).not.toContain('created');
    // Told after the events, since it is read back from the database.
    await talk.tab.until(() => listed()?.createdCount === 0);
  });

  it('keeps what somebody changed, and says why', async () => {
    const [touched = ''] = createdKeys();
    await jira('PUT', `/issue/${touched}`, { fields: { summary: 'Ours now' } });
    await undo();
    expect((await undone()).find(({ key }) => key === touched)).toMatchObject({
      state: 'kept',
      reason: expect.stringContaining('summary'),
    });
    expect((await jira('GET', `/issue/${touched}`)).status).toBe(200);
    expect(talk.drafts().find(({ issue }) => issue?.key === touched)?.status).toBe('created');
  });

  it('closes what may not be deleted', async () => {
    running.app.sandbox?.faults.add({
      target: 'jira',
      match: { method: 'DELETE' },
      effect: { kind: 'reply', status: 403, body: '{"errorMessages":["No."],"errors":{}}' },
    });
    await undo();
    expect(new Set((await undone()).map(({ state }) => state))).toEqual(new Set(['closed']));
  });

  it('labels what may be neither deleted nor closed', async () => {
    const refused = { kind: 'reply', status: 403, body: '{"errorMessages":["No."],"errors":{}}' } as const;
    const faults = running.app.sandbox?.faults;
    faults?.add({ target: 'jira', match: { method: 'DELETE' }, effect: refused });
    faults?.add({ target: 'jira', match: { method: 'POST', pathPattern: '/transitions$' }, effect: refused });
    await undo();
    expect(new Set((await undone()).map(({ state }) => state))).toEqual(new Set(['labelled']));
    const [key = ''] = createdKeys();
    const { fields } = (await (await jira('GET', `/issue/${key}`)).json()) as {
      fields: { labels: string[] };
    };
    expect(fields.labels).toContain('backlogue-undone');
  });

  it('goes on by itself where Jira was down, and deletes nothing twice', async () => {
    running.app.sandbox?.faults.add({
      target: 'jira',
      match: { method: 'DELETE' },
      times: 1,
      effect: { kind: 'drop-after' },
    });
    await undo();
    expect(new Set((await undone()).map(({ state }) => state))).toEqual(new Set(['deleted']));
  });

  it('goes on after a restart', async () => {
    running.app.sandbox?.faults.add({
      target: 'jira',
      match: { method: 'DELETE' },
      effect: { kind: 'drop-before' },
    });
    await undo();
    await running.close();

    running = await startApp({ folder });
    talk = await openTalk(running, await running.signIn(alice), talk.conversationId);
    expect(new Set((await undone()).map(({ state }) => state))).toEqual(new Set(['deleted']));
  });

  it('has nothing left to undo the second time', async () => {
    await undo();
    await undone();
    await expect(undo()).rejects.toThrow('nothing_to_undo');
  });

  it('is not there for anybody else', async () => {
    const other = await startTalk(running, await running.join(omar));
    const foreign = { conversationId: other.conversationId, approvalId };
    await expect(other.tab.ask('creation:undo', foreign)).rejects.toThrow('approval_unknown');
  });
});
