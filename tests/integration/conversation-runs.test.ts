import { ulid } from 'ulid';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RunContext, RunInput, RunOutcome } from '../../src/lib/agent/ports.ts';
import type { Actor } from '../../src/lib/server/services/services.ts';
import { UpstreamError } from '../../src/lib/server/errors/app-error.ts';
import { postingOf, startConversations, storyContent, type Conversations } from '../support/conversations.ts';
import { addPerson } from '../support/people.ts';
import { openTempDatabase, type TempDatabase } from '../support/temp-database.ts';

type Script = (input: RunInput, context: RunContext) => Promise<RunOutcome>;

let temp: TempDatabase;
let ada: Actor;
const started: Conversations[] = [];

beforeEach(() => {
  temp = openTempDatabase();
  ada = addPerson(temp.db);
});
afterEach(async () => {
  for (const world of started.splice(0)) await world.runs.dispose();
  temp.dispose();
});

function start(
  script: Script,
  options: Partial<Parameters<typeof startConversations>[1]> = {},
): Conversations {
  const world = startConversations(temp.db, { script, ...options });
  started.push(world);
  return world;
}

async function newConversation({ conversations }: Conversations): Promise<string> {
  const { conversationId } = await conversations.create(ada, { projectKey: 'DEMO', choices: {} });
  return conversationId;
}

function say(world: Conversations, conversationId: string, text = 'Invoices as PDF.', messageId = ulid()) {
  return world.commands['message:send'](ada, { conversationId, messageId, text, draftIds: [] });
}

const completed: RunOutcome = { end: 'completed' };
const untilAborted = ({ signal }: RunContext) =>
  new Promise<never>((_, reject) =>
    signal.addEventListener('abort', () => reject(signal.reason), { once: true }),
  );

/** Drafts one prepared story and waits for its review, whatever it is told. */
const reviewOne =
  (world: () => Conversations): Script =>
  async (input, context) => {
    if (input.kind === 'approval') return completed;
    const [draft] = await context.drafts.save(context.conversationId, context.runId, [
      { parentId: null, position: 1, content: storyContent(), rules: [] },
    ]);
    if (!draft) throw new Error('No draft was saved.');
    const { markerLabel } = (await world().drafts.find(context.conversationId, draft.id)) ?? {
      markerLabel: '',
    };
    const posting = postingOf(draft.content, markerLabel);
    await world().drafts.savePosting(draft.id, draft.version, { posting, similar: [], problem: null });
    return { end: 'waiting', interrupt: { kind: 'review', interruptId: ulid(), draftIds: [draft.id] } };
  };

describe('a message', () => {
  it('is stored with its run, worked on, and comes to rest', async () => {
    const world = start(async (_input, { emit }) => {
      emit({
        type: 'message_added',
        body: { messageId: 'answer', role: 'assistant', text: 'Done.', number: null },
      });
      return completed;
    });
    const conversationId = await newConversation(world);
    const { queued } = await say(world, conversationId);
    await world.untilEvent(conversationId, 'run_ended');

    expect(queued).toBe(false);
    const opened = await world.conversations.open(ada, conversationId);
    expect(opened.events.map(({ type }) => type)).toEqual([
      'message_added',
      'run_started',
      'conversation_changed',
      'message_added',
      'run_ended',
      'conversation_changed',
    ]);
    expect(opened.summary).toMatchObject({ status: 'done', title: 'Invoices as PDF.' });
    expect(await world.transcript.messages(conversationId)).toMatchObject([
      { role: 'user', number: 1 },
      { messageId: 'answer', role: 'assistant' },
    ]);
  });

  it('that is sent twice under one id is stored once', async () => {
    const world = start(async () => completed);
    const conversationId = await newConversation(world);
    const messageId = ulid();
    const [first, second] = await Promise.all([
      say(world, conversationId, 'Once.', messageId),
      say(world, conversationId, 'Once.', messageId),
    ]);
    await world.untilEvent(conversationId, 'run_ended');
    expect(second.runId).toBe(first.runId);
    expect(await world.transcript.messages(conversationId)).toHaveLength(1);
  });

  it('waits in order while a run is at work, and can be withdrawn until then', async () => {
    const gate = Promise.withResolvers<void>();
    const seen: string[] = [];
    const world = start(async (input) => {
      if (input.kind === 'message') seen.push(input.text);
      await gate.promise;
      return completed;
    });
    const conversationId = await newConversation(world);
    await say(world, conversationId, 'one');
    const withdrawn = ulid();
    expect(await say(world, conversationId, 'two')).toEqual({ runId: null, queued: true });
    await say(world, conversationId, 'three', withdrawn);
    await say(world, conversationId, 'four');
    await world.commands['message:withdraw'](ada, { conversationId, messageId: withdrawn });
    gate.resolve();
    await world.untilEvent(conversationId, 'message_added', ({ text }) => text === 'four');
    await world.runs.settled(conversationId);

    expect(seen).toEqual(['one', 'two', 'four']);
    await expect(
      world.commands['message:withdraw'](ada, { conversationId, messageId: withdrawn }),
    ).rejects.toMatchObject({ code: 'message_not_queued' });
  });
});

describe('a run', () => {
  it('keeps what was written when it is stopped, and can be continued with the same input', async () => {
    const inputs: RunInput[] = [];
    const world = start(async (input, context) => {
      inputs.push(input);
      if (inputs.length > 1) return completed;
      context.tokens.push('s1', 'message', 'Half a ');
      context.tokens.push('s1', 'message', 'sentence');
      return untilAborted(context);
    });
    const conversationId = await newConversation(world);
    await say(world, conversationId);
    await world.untilEvent(conversationId, 'assistant_token');
    expect(await world.commands['run:stop'](ada, { conversationId })).toEqual({ stopped: true });
    const ended = await world.untilEvent(conversationId, 'run_ended');
    expect(ended.body).toEqual({ end: 'stopped', problem: null });

    const events = await world.eventsOf(ada, conversationId);
    expect(events.filter(({ type }) => type === 'assistant_token')).toEqual([]);
    expect(events.find(({ type }) => type === 'stream_ended')?.body).toEqual({
      streamId: 's1',
      channel: 'message',
      text: 'Half a sentence',
      cut: true,
    });
    expectNoGaps(events);

    await world.commands['run:continue'](ada, { conversationId });
    await world.untilEvent(conversationId, 'run_ended', ({ end }) => end === 'completed');
    expect(inputs[1]).toEqual(inputs[0]);
  });

  it('that fails says why, and what waits behind it stays until it is continued', async () => {
    let failing = true;
    const world = start(async () => {
      if (failing)
        throw new UpstreamError('llm_down', 'The model does not answer.', {
          upstream: 'llm',
          kind: 'unknown',
        });
      return completed;
    });
    const conversationId = await newConversation(world);
    await say(world, conversationId, 'one');
    await say(world, conversationId, 'two');
    const ended = await world.untilEvent(conversationId, 'run_ended');
    expect(ended.body).toMatchObject({ end: 'failed', problem: { code: 'llm_down', retryable: true } });
    expect((await world.conversations.open(ada, conversationId)).summary.status).toBe('failed');

    failing = false;
    await world.commands['run:continue'](ada, { conversationId });
    await world.untilEvent(conversationId, 'message_added', ({ text }) => text === 'two');
    await world.runs.settled(conversationId);
  });

  it('whose process died is closed at the next start and can be continued', async () => {
    const dead = start(async (_input, context) => {
      context.tokens.push('s1', 'message', 'Before the crash');
      return new Promise(() => undefined);
    });
    const conversationId = await newConversation(dead);
    await say(dead, conversationId);
    await dead.untilEvent(conversationId, 'assistant_token');

    const world = start(async () => completed, { processId: 'here/2/b', isGone: () => true });
    expect(await world.reap()).toBe(1);
    const opened = await world.conversations.open(ada, conversationId);
    expect(opened.summary.status).toBe('interrupted');
    expect(opened.events.find(({ type }) => type === 'stream_ended')?.body).toMatchObject({
      text: 'Before the crash',
    });

    await world.commands['run:continue'](ada, { conversationId });
    await world.untilEvent(conversationId, 'run_ended', ({ end }) => end === 'completed');
    dead.runs.stop(conversationId);
    await dead.runs.settled(conversationId);
    const ends = (await world.eventsOf(ada, conversationId)).filter(({ type }) => type === 'run_ended');
    expect(ends.map(({ body }) => body)).toMatchObject([{ end: 'interrupted' }, { end: 'completed' }]);
  });

  it('is left alone by the reaper while its process lives and beats', async () => {
    const world = start(async (_input, context) => untilAborted(context));
    const conversationId = await newConversation(world);
    await say(world, conversationId);
    const other = start(async () => completed, { processId: 'here/2/b', isGone: () => false });
    expect(await other.reap()).toBe(0);
    expect(await world.reap()).toBe(0);
  });

  it('that ignores its stop is released, and writes nothing more', async () => {
    const late = Promise.withResolvers<void>();
    const world = start(
      async (_input, { emit }) => {
        await late.promise;
        emit({
          type: 'message_added',
          body: { messageId: 'late', role: 'assistant', text: 'Late.', number: null },
        });
        return completed;
      },
      { releaseAfterMs: 10 },
    );
    const conversationId = await newConversation(world);
    await say(world, conversationId);
    await world.commands['run:stop'](ada, { conversationId });
    await world.untilEvent(conversationId, 'run_ended');
    late.resolve();
    await new Promise((resolve) => setImmediate(resolve));
    await world.journal.flush();
    const events = await world.eventsOf(ada, conversationId);
    expect(events.at(-1)?.type).toBe('conversation_changed');
    expect(await world.transcript.messages(conversationId)).toHaveLength(1);
  });

  it('is marked as interrupted when the product shuts down', async () => {
    const world = start(async (_input, context) => untilAborted(context));
    const conversationId = await newConversation(world);
    await say(world, conversationId);
    await world.runs.dispose();
    expect((await world.conversations.open(ada, conversationId)).summary.status).toBe('interrupted');
  });
});

describe('a question', () => {
  const questions = [
    { id: 'A1', question: 'Which format?', why: 'It changes the criteria.', suggestions: ['PDF'] },
  ];
  const ask: Script = async (input) =>
    input.kind === 'answers' || (input.kind === 'message' && input.text === 'PDF')
      ? completed
      : { end: 'waiting', interrupt: { kind: 'clarify', interruptId: 'i1', questions } };

  it('waits over a restart, and exactly one of two tabs answers it', async () => {
    const before = start(ask);
    const conversationId = await newConversation(before);
    await say(before, conversationId);
    await before.untilEvent(conversationId, 'clarify');
    await before.runs.dispose();

    const world = start(ask, { processId: 'here/2/b' });
    const answer = (text: string) =>
      world.commands['clarify:answer'](ada, {
        conversationId,
        interruptId: 'i1',
        answers: [{ questionId: 'A1', text }],
      });
    const results = await Promise.allSettled([answer('PDF'), answer('CSV')]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    expect(results[1]).toMatchObject({ reason: { code: 'question_closed' } });
    await world.untilEvent(conversationId, 'run_ended', ({ end }) => end === 'completed');
    expect(await world.transcript.answers(conversationId)).toMatchObject([{ id: 'A1', answer: 'PDF' }]);
  });

  it('is answered by a message when it waits alone', async () => {
    const world = start(ask);
    const conversationId = await newConversation(world);
    await say(world, conversationId);
    await world.untilEvent(conversationId, 'clarify');
    await say(world, conversationId, 'PDF');
    await world.untilEvent(conversationId, 'clarify_answered');
    expect(await world.transcript.answers(conversationId)).toMatchObject([{ id: 'A1', answer: 'PDF' }]);
  });
});

describe('an approval', () => {
  async function reviewed() {
    const world: Conversations = start((input, context) => reviewOne(() => world)(input, context));
    const conversationId = await newConversation(world);
    await say(world, conversationId);
    const { body } = await world.untilEvent(conversationId, 'review');
    const [draft] = await world.drafts.list(conversationId);
    if (!draft?.posting) throw new Error('The draft is not prepared.');
    const drafts = [{ draftId: draft.id, version: draft.version, hash: draft.posting.hash }];
    const approval = { conversationId, interruptId: body.interruptId, drafts };
    return { world, conversationId, draft, approval };
  }

  it('holds for exactly one of two tabs, and again for the same one', async () => {
    const { world, approval } = await reviewed();
    const approvalId = ulid();
    const [mine, theirs] = await Promise.allSettled([
      world.commands['review:approve'](ada, { ...approval, approvalId }),
      world.commands['review:approve'](ada, { ...approval, approvalId: ulid() }),
    ]);
    expect(mine.status).toBe('fulfilled');
    expect(theirs).toMatchObject({ status: 'rejected', reason: { code: 'review_closed' } });
    const again = await world.commands['review:approve'](ada, { ...approval, approvalId });
    expect(mine).toMatchObject({ value: again });
    expect(world.audited.map(({ outcome }) => outcome)).toEqual(['ok', 'refused']);
  });

  it('does not hold for a hash or version that was not shown', async () => {
    const { world, approval } = await reviewed();
    const [shown] = approval.drafts;
    if (!shown) throw new Error('Nothing was shown.');
    for (const wrong of [
      { ...shown, hash: 'f'.repeat(64) },
      { ...shown, version: 2 },
    ]) {
      const attempt = { ...approval, approvalId: ulid(), drafts: [wrong] };
      await expect(world.commands['review:approve'](ada, attempt)).rejects.toMatchObject({
        code: 'draft_changed',
      });
    }
    await expect(
      world.commands['review:approve'](ada, { ...approval, approvalId: ulid() }),
    ).resolves.toHaveProperty('runId');
  });

  it('holds for an edited draft once it is prepared anew', async () => {
    const { world, conversationId, draft, approval } = await reviewed();
    const { version } = await world.commands['draft:edit'](ada, {
      conversationId,
      draftId: draft.id,
      baseVersion: 1,
      edit: { summary: 'Export invoices' },
    });
    await expect(
      world.commands['review:approve'](ada, { ...approval, approvalId: ulid() }),
    ).rejects.toMatchObject({ code: 'draft_changed' });
    await world.preparation.idle();
    const [edited] = await world.drafts.list(conversationId);
    expect(edited).toMatchObject({ version: 2, author: 'person', content: { summary: 'Export invoices' } });
    const drafts = [{ draftId: draft.id, version, hash: edited?.posting?.hash ?? '' }];
    await world.commands['review:approve'](ada, { ...approval, approvalId: ulid(), drafts });
    expect((await world.drafts.list(conversationId))[0]?.status).toBe('approved');
  });

  it('is possible as before after an instruction was stopped', async () => {
    const { world, conversationId, approval } = await reviewed();
    const second: Conversations = start(
      async (input, context) => (input.kind === 'approval' ? completed : untilAborted(context)),
      { processId: 'here/2/b' },
    );
    await say(second, conversationId, 'Make it shorter.');
    await second.commands['run:stop'](ada, { conversationId });
    await second.untilEvent(conversationId, 'run_ended', ({ end }) => end === 'stopped');
    await expect(
      second.commands['review:approve'](ada, { ...approval, approvalId: ulid() }),
    ).resolves.toHaveProperty('runId');
    await world.runs.settled(conversationId);
  });

  it('has nothing left to wait for when the last draft is discarded', async () => {
    const { world, conversationId, draft } = await reviewed();
    await world.commands['draft:discard'](ada, { conversationId, draftId: draft.id, version: 1 });
    expect(await world.drafts.list(conversationId)).toEqual([]);
    expect((await world.conversations.open(ada, conversationId)).summary.status).toBe('done');
  });

  it('refuses an edit of a version that is not the newest', async () => {
    const { world, conversationId, draft } = await reviewed();
    const edit = (summary: string) =>
      world.commands['draft:edit'](ada, {
        conversationId,
        draftId: draft.id,
        baseVersion: 1,
        edit: { summary },
      });
    const results = await Promise.allSettled([edit('Mine'), edit('Theirs')]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    expect(results[1]).toMatchObject({ reason: { code: 'draft_overtaken' } });
  });
});

describe('what is not mine', () => {
  it('looks like what is not there, for every command and reading', async () => {
    const world = start(async () => completed);
    const conversationId = await newConversation(world);
    const bob = addPerson(temp.db, { employeeId: 'bob' });
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
      for (const attempt of attempts) await expect(attempt).rejects.toMatchObject(missing);
    }
    expect(await world.conversations.list(bob, {})).toEqual([]);
  });
});

describe('the list of conversations', () => {
  it('finds words of titles and messages, and hides what is archived or removed', async () => {
    const world = start(async () => completed);
    const conversationId = await newConversation(world);
    await say(world, conversationId, 'Ship 100% of invoices');
    await world.runs.settled(conversationId);
    await world.conversations.rename(ada, conversationId, 'Billing');
    const found = async (search: string) => (await world.conversations.list(ada, { search })).length;
    expect(await found('100%')).toBe(1);
    expect(await found('100_')).toBe(0);
    expect(await found('bill')).toBe(1);

    await world.conversations.remove(ada, conversationId);
    expect(await world.conversations.list(ada, {})).toEqual([]);
    await world.conversations.restore(ada, conversationId);
    await world.conversations.archive(ada, conversationId, true);
    expect(await world.conversations.list(ada, {})).toEqual([]);
    expect(await world.conversations.list(ada, { archived: true })).toMatchObject([
      { title: 'Billing', archived: true },
    ]);
  });

  it('lets go for good of what was removed ten minutes ago', async () => {
    let now = 1_000_000;
    const world = start(async () => completed, { now: () => now });
    const conversationId = await newConversation(world);
    await world.conversations.remove(ada, conversationId);
    now += 10 * 60_000 + 1;
    await expect(world.conversations.restore(ada, conversationId)).rejects.toMatchObject({
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
    const title = async () => (await world.conversations.open(ada, conversationId)).summary.title;
    expect(await title()).toBe('Invoice export');
    await world.conversations.rename(ada, conversationId, 'Mine');
    await say(world, conversationId, 'More.');
    await world.runs.settled(conversationId);
    await world.journal.flush();
    expect(await title()).toBe('Mine');
  });
});

function expectNoGaps(events: { seq: number; covers?: number | undefined }[]): void {
  let before = 0;
  for (const { seq, covers } of events) {
    expect(covers ?? seq).toBe(before + 1);
    before = seq;
  }
}
