import { ulid } from 'ulid';
import { describe, expect, it } from 'vitest';
import { createFigureRepository } from '../../src/lib/server/repositories/figure-repository.ts';
import { completed, useConversations } from '../support/conversation-tests.ts';
import { addPerson } from '../support/people.ts';

const { ada, db, start, newConversation, say } = useConversations();

describe('what is not mine', () => {
  it('looks like what is not there, for every command and reading', async () => {
    const world = start(async () => completed);
    const conversationId = await newConversation(world);
    const bob = addPerson(db(), { employeeId: 'bob' });
    for (const where of [conversationId, 'nowhere']) {
      const missing = { code: 'conversation_missing', message: 'There is no such conversation.' };
      const { commands, conversations } = world;
      const base = { conversationId: where };
      const attempts = [
        commands['message:send'](bob, { ...base, messageId: ulid(), text: 'Hello', draftIds: [] }),
        commands['message:withdraw'](bob, { ...base, messageId: ulid() }),
        commands['clarify:answer'](bob, {
          ...base,
          interruptId: 'i',
          answers: [{ questionId: 'A1', text: null }],
        }),
        commands['draft:edit'](bob, { ...base, draftId: 'd', baseVersion: 1, edit: {} }),
        commands['draft:discard'](bob, { ...base, draftId: 'd', version: 1 }),
        commands['draft:fields'](bob, { ...base, draftId: 'd', version: 1, extraFields: {} }),
        commands['review:approve'](bob, {
          ...base,
          interruptId: 'i',
          approvalId: ulid(),
          drafts: [{ draftId: 'd', version: 1, hash: 'a'.repeat(64) }],
        }),
        commands['creation:resolve'](bob, { ...base, intentId: 'x', choice: 'retry' }),
        commands['run:stop'](bob, base),
        commands['run:continue'](bob, base),
        conversations.open(bob, where),
        conversations.eventsAfter(bob, where, 0, 1),
        conversations.follow(bob, where, 0, {
          take: () => true,
          ready: async () => undefined,
          cut: () => undefined,
        }),
        conversations.choose(bob, where, { issueType: 'Bug' }),
        conversations.rename(bob, where, 'Mine now'),
        conversations.archive(bob, where, true),
        conversations.remove(bob, where),
        conversations.exportAs(bob, where, 'json'),
        conversations.addSource(bob, where, { kind: 'text', title: 'x', text: 'x' }),
      ];
      for (const outcome of await Promise.allSettled(attempts))
        expect(outcome).toMatchObject({ status: 'rejected', reason: missing });
    }
    expect(await world.conversations.list(bob, {})).toEqual([]);
  });
});

describe('what is chosen for a conversation', () => {
  it('can change, but for the project once stories were drafted for it', async () => {
    const world = start(async () => completed);
    const conversationId = await newConversation(world);
    const project = async () => (await world.conversations.open(ada(), conversationId)).summary.projectKey;
    await world.conversations.choose(ada(), conversationId, { projectKey: 'OPS', issueType: 'Bug' });
    expect(await project()).toBe('OPS');

    db()
      .sqlite.prepare(
        `INSERT INTO story_draft (id, conversation_id, position, status, version, created_at, updated_at)
         VALUES ('d', ?, 1, 'proposed', 1, 0, 0)`,
      )
      .run(conversationId);
    await expect(
      world.conversations.choose(ada(), conversationId, { projectKey: 'DEMO' }),
    ).rejects.toMatchObject({ code: 'project_settled' });
    await world.conversations.choose(ada(), conversationId, { issueType: 'Story' });
    expect(await project()).toBe('OPS');
  });

  it('counts for the figures of its person, and of nobody else', async () => {
    const world = start(async () => completed);
    const conversationId = await newConversation(world);
    const none = {
      storiesCreated: 0,
      approvedUnchanged: 0,
      conversations: 0,
      unknownOutcomes: 0,
      unknownIn: null,
    };
    const figures = createFigureRepository(db());
    expect(await figures.of(ada().userId)).toEqual({ ...none, conversations: 1 });
    storeIntents(conversationId, ['unknown', 'created']);
    const created = { storiesCreated: 1, approvedUnchanged: 1 };
    expect(await figures.of(ada().userId)).toEqual({
      ...created,
      conversations: 1,
      unknownOutcomes: 1,
      unknownIn: conversationId,
    });
    expect(await figures.of(addPerson(db(), { employeeId: 'bob' }).userId)).toEqual(none);
    // What was created stays created; what is unknown can no longer be settled there.
    await world.conversations.remove(ada(), conversationId);
    expect(await figures.of(ada().userId)).toEqual({ ...none, ...created });
  });
});

/** One approval of one story for each status. */
function storeIntents(conversationId: string, statuses: string[]): void {
  const { sqlite } = db();
  const { userId } = ada();
  sqlite.prepare(`INSERT INTO approval VALUES ('a', ?, ?, 'i', '[]', 0)`).run(conversationId, userId);
  for (const status of statuses) {
    sqlite
      .prepare(
        `INSERT INTO story_draft (id, conversation_id, position, status, version, created_at, updated_at)
         VALUES (?, ?, 1, 'approved', 1, 0, 0)`,
      )
      .run(status, conversationId);
    sqlite
      .prepare(
        `INSERT INTO creation_intent (id, approval_id, conversation_id, user_id, draft_id, draft_version, marker_label,
           payload_hash, payload, status, created_at, updated_at)
         VALUES (?, 'a', ?, ?, ?, 1, ?, '', '{}', ?, 0, 0)`,
      )
      .run(status, conversationId, userId, status, status, status);
  }
}

describe('the list of conversations', () => {
  it('finds words of titles and messages, and hides what is archived or removed', async () => {
    const world = start(async () => completed);
    const conversationId = await newConversation(world);
    await say(world, conversationId, 'Ship 100% of invoices');
    await world.runs.settled(conversationId);
    await world.conversations.rename(ada(), conversationId, 'Billing');
    const found = async (search: string) => (await world.conversations.list(ada(), { search })).length;
    expect(await found('100%')).toBe(1);
    expect(await found('100_')).toBe(0);
    expect(await found('bill')).toBe(1);

    await world.conversations.remove(ada(), conversationId);
    expect(await world.conversations.list(ada(), {})).toEqual([]);
    await world.conversations.restore(ada(), conversationId);
    await world.conversations.archive(ada(), conversationId, true);
    expect(await world.conversations.list(ada(), {})).toEqual([]);
    expect(await world.conversations.list(ada(), { archived: true })).toMatchObject([
      { title: 'Billing', archived: true },
    ]);
  });

  it('tells every tab of its person what was deleted and what came back', async () => {
    const world = start(async () => completed);
    const conversationId = await newConversation(world);
    const told: [string, boolean][] = [];
    using _watching = {
      [Symbol.dispose]: world.conversations.watchList(ada(), ({ id, removed }) =>
        told.push([id, removed === true]),
      ),
    };
    await world.conversations.remove(ada(), conversationId);
    await world.conversations.restore(ada(), conversationId);
    expect(told).toEqual([
      [conversationId, true],
      [conversationId, false],
    ]);
  });

  it('lets go for good of what was removed ten minutes ago', async () => {
    let now = 1_000_000;
    const world = start(async () => completed, { now: () => now });
    const conversationId = await newConversation(world);
    await world.conversations.remove(ada(), conversationId);
    now += 10 * 60_000 + 1;
    await expect(world.conversations.restore(ada(), conversationId)).rejects.toMatchObject({
      code: 'conversation_missing',
    });
    expect(await world.conversations.purgeRemoved()).toEqual([conversationId]);
  });

  it('names a conversation by the agent until its person does', async () => {
    const world = start(async (_input, { rename }) => {
      rename('Invoice export');
      return completed;
    });
    const conversationId = await newConversation(world);
    await say(world, conversationId);
    await world.runs.settled(conversationId);
    await world.journal.flush();
    const title = async () => (await world.conversations.open(ada(), conversationId)).summary.title;
    expect(await title()).toBe('Invoice export');
    await world.conversations.rename(ada(), conversationId, 'Mine');
    await say(world, conversationId, 'More.');
    await world.runs.settled(conversationId);
    await world.journal.flush();
    expect(await title()).toBe('Mine');
  });
});
