import { ulid } from 'ulid';
import { describe, expect, it } from 'vitest';
import { completed, untilAborted, useConversations, type Script } from '../support/conversation-tests.ts';
import { postingOf, storyContent, type Conversations } from '../support/conversations.ts';

const { ada, start, newConversation, say } = useConversations();

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
      world.commands['clarify:answer'](ada(), {
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

  it('is answered with others by one message, which is kept for each and shown under none', async () => {
    const two = [
      ...questions,
      { id: 'A2', question: 'By e-mail too?', why: 'It adds a story.', suggestions: [] },
    ];
    const world = start(async (input) =>
      input.kind === 'message' && input.text === 'PDF'
        ? completed
        : { end: 'waiting', interrupt: { kind: 'clarify', interruptId: 'i1', questions: two } },
    );
    const conversationId = await newConversation(world);
    await say(world, conversationId);
    await world.untilEvent(conversationId, 'clarify');
    await say(world, conversationId, 'PDF');
    const { body } = await world.untilEvent(conversationId, 'clarify_answered');
    expect(body.answers).toEqual([]);
    expect(await world.transcript.answers(conversationId)).toMatchObject([
      { id: 'A1', answer: 'PDF' },
      { id: 'A2', answer: 'PDF' },
    ]);
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
      world.commands['review:approve'](ada(), { ...approval, approvalId }),
      world.commands['review:approve'](ada(), { ...approval, approvalId: ulid() }),
    ]);
    expect(mine.status).toBe('fulfilled');
    expect(theirs).toMatchObject({ status: 'rejected', reason: { code: 'review_closed' } });
    const again = await world.commands['review:approve'](ada(), { ...approval, approvalId });
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
      await expect(world.commands['review:approve'](ada(), attempt)).rejects.toMatchObject({
        code: 'draft_changed',
      });
    }
    await expect(
      world.commands['review:approve'](ada(), { ...approval, approvalId: ulid() }),
    ).resolves.toHaveProperty('runId');
  });

  it('holds for an edited draft once it is prepared anew', async () => {
    const { world, conversationId, draft, approval } = await reviewed();
    const { version } = await world.commands['draft:edit'](ada(), {
      conversationId,
      draftId: draft.id,
      baseVersion: 1,
      edit: { summary: 'Export invoices' },
    });
    await expect(
      world.commands['review:approve'](ada(), { ...approval, approvalId: ulid() }),
    ).rejects.toMatchObject({ code: 'draft_changed' });
    await world.preparation.idle();
    const [edited] = await world.drafts.list(conversationId);
    expect(edited).toMatchObject({ version: 2, author: 'person', content: { summary: 'Export invoices' } });
    const drafts = [{ draftId: draft.id, version, hash: edited?.posting?.hash ?? '' }];
    await world.commands['review:approve'](ada(), { ...approval, approvalId: ulid(), drafts });
    expect((await world.drafts.list(conversationId))[0]?.status).toBe('approved');
  });

  it('is possible as before after an instruction was stopped', async () => {
    const { world, conversationId, approval } = await reviewed();
    const second: Conversations = start(
      async (input, context) => (input.kind === 'approval' ? completed : untilAborted(context)),
      { processId: 'here/2/b' },
    );
    await say(second, conversationId, 'Make it shorter.');
    await second.commands['run:stop'](ada(), { conversationId });
    await second.untilEvent(conversationId, 'run_ended', ({ end }) => end === 'stopped');
    await expect(
      second.commands['review:approve'](ada(), { ...approval, approvalId: ulid() }),
    ).resolves.toHaveProperty('runId');
    await world.runs.settled(conversationId);
  });

  it('has nothing left to wait for when the last draft is discarded', async () => {
    const { world, conversationId, draft } = await reviewed();
    await world.commands['draft:discard'](ada(), { conversationId, draftId: draft.id, version: 1 });
    expect(await world.drafts.list(conversationId)).toEqual([]);
    expect((await world.conversations.open(ada(), conversationId)).summary.status).toBe('done');
  });

  it('refuses an edit of a version that is not the newest', async () => {
    const { world, conversationId, draft } = await reviewed();
    const edit = (summary: string) =>
      world.commands['draft:edit'](ada(), {
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
