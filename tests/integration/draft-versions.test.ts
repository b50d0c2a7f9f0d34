import { expect, it } from 'vitest';
import { applyEvents, stateOf } from '../../src/lib/components/conversation-state.ts';
import type { StoryEdit } from '../../src/lib/contracts/story.ts';
import { expectNoGaps } from '../support/channel-tabs.ts';
import { completed, useConversations, type Script } from '../support/conversation-tests.ts';
import { storyContent } from '../support/conversations.ts';
import { addPerson } from '../support/people.ts';

const { ada, db, start, newConversation, say } = useConversations();

const draftOne: Script = async (_input, context) => {
  await context.drafts.save(context.conversationId, context.runId, [
    { parentId: null, position: 1, content: storyContent(), rules: [] },
  ]);
  return completed;
};

async function drafted() {
  const world = start(draftOne);
  const conversationId = await newConversation(world);
  await say(world, conversationId);
  await world.untilEvent(conversationId, 'run_ended');
  const [draft] = await world.drafts.list(conversationId);
  if (!draft) throw new Error('No draft was saved.');
  const draftId = draft.id;
  return {
    world,
    conversationId,
    draftId,
    edit: (baseVersion: number, edit: StoryEdit) =>
      world.commands['draft:edit'](ada(), { conversationId, draftId, baseVersion, edit }),
    versions: (before: number | null = null, actor = ada()) =>
      world.conversations.draftVersions(actor, conversationId, draftId, before),
    newest: async () => (await world.drafts.find(conversationId, draftId))?.draft,
    elsewhere: (id: string) => world.conversations.draftVersions(ada(), conversationId, id, null),
  };
}

it('Each version says whose it is and what it changed', async () => {
  const { edit, versions } = await drafted();
  await edit(1, { summary: 'Export an invoice as CSV', storyPoints: 2 });
  expect(await versions()).toMatchObject({
    versions: [
      {
        version: 2,
        author: 'person',
        createdAt: expect.any(Number) as number,
        changes: [
          {
            part: 'summary',
            pieces: [
              { kind: 'same', text: 'Export an invoice as ' },
              { kind: 'removed', text: 'PDF' },
              { kind: 'added', text: 'CSV' },
            ],
          },
          { part: 'storyPoints' },
        ],
      },
      { version: 1, author: 'agent', changes: [] },
    ],
    next: null,
  });
});

it('A version that is brought back says what it said, with the sources of its criteria', async () => {
  const { edit, versions, newest } = await drafted();
  await edit(1, { summary: 'Something else', acceptanceCriteria: [{ text: 'Another.' }] });
  const first = (await versions()).versions.at(-1);
  await edit(2, first?.edit ?? {});
  expect(await newest()).toMatchObject({ version: 3, author: 'person', content: storyContent() });
});

it('A version is not brought back over one that the person has not seen', async () => {
  const { edit, versions } = await drafted();
  await edit(1, { summary: 'Second' });
  const first = (await versions()).versions.at(-1);
  await edit(2, { summary: 'Third' });
  await expect(edit(2, first?.edit ?? {})).rejects.toMatchObject({ code: 'draft_overtaken' });
});

it('Many versions come a page at a time, each against the one before it', async () => {
  const { edit, versions } = await drafted();
  for (let version = 1; version < 23; version++) await edit(version, { summary: `Summary ${version + 1}` });
  const newest = await versions();
  expect([newest.versions.length, newest.versions[0]?.version, newest.next]).toEqual([20, 23, 4]);
  expect(newest.versions.at(-1)?.changes).not.toEqual([]);
  const older = await versions(newest.next);
  expect([older.versions.map(({ version }) => version), older.next]).toEqual([[3, 2, 1], null]);
});

it("Somebody else's story, and one of another conversation, look like none", async () => {
  const mine = await drafted();
  const other = await drafted();
  await expect(mine.versions(null, addPerson(db(), { employeeId: 'E-4711' }))).rejects.toMatchObject({
    code: 'conversation_missing',
  });
  await expect(mine.elsewhere(other.draftId)).rejects.toMatchObject({ code: 'draft_missing' });
});

it('Once a run is over, the journal keeps the newest state of each story only, without gaps, and every page ends up with it', async () => {
  const { conversationId, draftId, world, edit, newest } = await drafted();
  const seenBefore = await world.eventsOf(ada(), conversationId);
  await edit(1, { summary: 'Second' });
  await edit(2, { summary: 'Third' });
  const live = stateOf(empty(conversationId), await world.eventsOf(ada(), conversationId));
  await say(world, conversationId);
  await world.runs.settled(conversationId);

  const kept = await world.eventsOf(ada(), conversationId);
  expectNoGaps(kept);
  const states = kept.filter((event) => event.type === 'draft_saved' && event.body.draft.id === draftId);
  expect(states).toHaveLength(1);
  const fresh = stateOf(empty(conversationId), kept);
  expect(fresh.drafts[draftId]).toEqual(live.drafts[draftId]);
  expect(fresh.drafts[draftId]).toEqual(await newest());
  // A page that saw the beginning goes on from there.
  const rest = kept.filter(({ seq }) => seq > (seenBefore.at(-1)?.seq ?? 0));
  const later = applyEvents(stateOf(empty(conversationId), seenBefore), rest);
  expect(later).toMatchObject({ gap: false, lastSeq: fresh.lastSeq });
  expect(later.drafts).toEqual(fresh.drafts);
});

it('What would be posted is told when it changes, and not again', async () => {
  const { conversationId, draftId, world } = await drafted();
  const found = await world.drafts.find(conversationId, draftId);
  const posting = found?.draft.posting ?? null;
  const prepare = (change: object) =>
    world.drafts.savePosting(draftId, 1, { posting, similar: [], problem: null, ...change });
  await prepare({});
  const before = (await world.eventsOf(ada(), conversationId)).length;
  await prepare({});
  expect(await world.eventsOf(ada(), conversationId)).toHaveLength(before);
  await prepare({
    similar: [
      {
        key: 'DEMO-1',
        summary: 'Export',
        status: 'Open',
        url: 'https://jira.example/browse/DEMO-1',
        score: 0.5,
        why: [],
      },
    ],
  });
  expect(await world.eventsOf(ada(), conversationId)).toHaveLength(before + 1);
});

function empty(id: string) {
  return { id, title: '', status: 'empty' as const, projectKey: null };
}
