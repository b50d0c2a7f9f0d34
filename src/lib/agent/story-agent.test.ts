import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  agentHarness,
  interruptOf,
  noQuestions,
  oneStory,
  REQUIREMENT,
  twoQuestions,
  type AgentHarness,
} from './testing/agent-harness.ts';
import { scriptedModel } from './testing/scripted-model.ts';
import { storyAnswer } from './testing/story-answers.ts';

let talk: AgentHarness;
beforeEach(() => {
  talk = agentHarness();
});
afterEach(() => talk.dispose());

describe('from a message to issues', () => {
  it('asks, drafts, checks, reviews and creates, over a restart at every interrupt', async () => {
    const model = scriptedModel({ clarify: twoQuestions, draft: oneStory });

    const asked = await talk.run(talk.world.says(REQUIREMENT), talk.context(model));
    expect(asked).toMatchObject({
      end: 'waiting',
      interrupt: { kind: 'clarify', questions: [{ id: 'A1', question: 'Who may export?' }, { id: 'A2' }] },
    });
    expect(talk.world.titles).toEqual(['Invoice export']);

    talk.restart();
    const reviewed = await talk.run(
      talk.answers(interruptOf(asked, 'clarify'), ['Everybody', null]),
      talk.context(model),
    );
    expect(model.callsOf('draft')[0]?.block('clarifications')).toBe(
      'A1 Who may export? => Everybody\nA2 How many at once? => (skipped)',
    );
    const [draft] = talk.world.drafts.drafts;
    expect(draft?.content.acceptanceCriteria[0]?.source).toEqual({
      kind: 'message',
      ref: 'M1.1',
      quote: REQUIREMENT,
    });
    expect(draft?.content.description).toContain('“How many at once?” was skipped');
    expect(draft?.rules.every(({ outcome }) => outcome === 'ok')).toBe(true);

    talk.restart();
    const done = await talk.run(
      talk.approval(interruptOf(reviewed, 'review'), talk.openDrafts()),
      talk.context(model),
    );
    expect(done).toEqual({ end: 'completed' });
    expect(talk.world.created).toHaveLength(1);
    expect(model.calls.map(({ type }) => type)).toEqual(['clarify', 'draft']);
  });

  it('streams the drafts as they come, and publishes the message beside them', async () => {
    await talk.run(
      talk.world.says(REQUIREMENT),
      talk.context(scriptedModel({ clarify: noQuestions, draft: oneStory })),
    );
    expect([...talk.world.streams.values()]).toEqual([
      { channel: 'drafts', text: JSON.stringify(oneStory()), ended: { text: null, cut: false } },
    ]);
    expect(talk.world.said()).toEqual(['Here is the story.']);
  });

  it('opens the review again for stories that were left unapproved', async () => {
    const model = scriptedModel({
      clarify: noQuestions,
      draft: () => ({ message: '', stories: [storyAnswer(), storyAnswer({ summary: 'Mail invoices' })] }),
    });
    const reviewed = await talk.run(talk.world.says(REQUIREMENT), talk.context(model));
    const [first = '', second = ''] = talk.openDrafts();
    const again = await talk.run(
      talk.approval(interruptOf(reviewed, 'review'), [first]),
      talk.context(model),
    );
    expect(again).toMatchObject({ end: 'waiting', interrupt: { kind: 'review', draftIds: [second] } });
    expect(interruptOf(again, 'review')).not.toBe(interruptOf(reviewed, 'review'));
  });
});

describe('a message at an open interrupt', () => {
  it('is the answer to the one open question', async () => {
    const one = () => ({ ...twoQuestions(), questions: twoQuestions().questions.slice(0, 1) });
    const model = scriptedModel({
      clarify: one,
      draft: () => ({
        message: '',
        stories: [
          storyAnswer({
            acceptanceCriteria: [
              { text: 'Everybody may.', source: 'A1' },
              { text: 'As PDF.', source: 'M2.1' },
            ],
          }),
        ],
      }),
    });
    const asked = await talk.run(talk.world.says(REQUIREMENT), talk.context(model));
    await talk.run(talk.inWords(asked, 'Everybody may.'), talk.context(model));
    expect(model.callsOf('clarify')).toHaveLength(1);
    expect(model.callsOf('draft')[0]?.block('clarifications')).toBe('A1 Who may export? => (answered in M2)');
    expect(talk.world.drafts.drafts[0]?.content.acceptanceCriteria[0]?.source).toEqual({
      kind: 'answer',
      ref: 'A1',
      quote: 'Who may export? Everybody may.',
    });
  });

  it('at a review changes the stories, and the review opens anew', async () => {
    const model = scriptedModel({
      clarify: noQuestions,
      draft: oneStory,
      understand: () => ({ intent: 'instruction', drafts: [1] }),
      refine: () => ({
        message: 'Shorter.',
        stories: [{ number: 1, ...storyAnswer({ summary: 'Export' }) }],
      }),
    });
    const first = await talk.run(talk.world.says(REQUIREMENT), talk.context(model));
    const second = await talk.run(talk.world.says('Make it shorter'), talk.context(model));
    expect(talk.world.drafts.drafts).toMatchObject([{ version: 2, content: { summary: 'Export' } }]);
    expect(interruptOf(second, 'review')).not.toBe(interruptOf(first, 'review'));
  });

  it('that says yes creates nothing and points at the button', async () => {
    const model = scriptedModel({
      clarify: noQuestions,
      draft: oneStory,
      understand: () => ({ intent: 'approval' }),
    });
    await talk.run(talk.world.says(REQUIREMENT), talk.context(model));
    const outcome = await talk.run(talk.world.says('Looks good, create them'), talk.context(model));
    expect(interruptOf(outcome, 'review')).toBeTruthy();
    expect(talk.world.created).toEqual([]);
    expect(talk.world.said().at(-1)).toContain('press Approve');
  });

  it('that asks something is answered in a stream that its message replaces', async () => {
    const model = scriptedModel({
      clarify: noQuestions,
      draft: oneStory,
      understand: () => ({ intent: 'question' }),
      converse: () => 'DEMO-7 is close.',
    });
    await talk.run(talk.world.says(REQUIREMENT), talk.context(model));
    await talk.run(talk.world.says('Is there something like it?'), talk.context(model));
    const [streamId, stream] = [...talk.world.streams].at(-1) ?? [];
    expect(stream).toEqual({
      channel: 'message',
      text: 'DEMO-7 is close.',
      ended: { text: null, cut: false },
    });
    expect(talk.world.events.at(-1)).toEqual({
      type: 'message_added',
      body: {
        messageId: streamId,
        role: 'assistant',
        text: 'DEMO-7 is close.\n\nRead for this answer: [DEMO-7](<http://jira/browse/DEMO-7>).',
        number: null,
      },
    });
    expect(model.callsOf('converse')[0]?.block('issues')).toBe('DEMO-7 Export orders (Open)');
  });

  it('that asks about the backlog before there is any story is answered, and the next one is the requirement', async () => {
    const model = scriptedModel({
      clarify: noQuestions,
      draft: oneStory,
      understand: [() => ({ intent: 'question' }), () => ({ intent: 'instruction' })],
      converse: () => 'Nothing so far.',
    });
    const asked = await talk.run(talk.world.says('What do we have on exports?'), talk.context(model));
    expect(asked).toEqual({ end: 'completed' });
    expect(talk.openDrafts()).toEqual([]);
    expect(talk.world.said()).toEqual(['Nothing so far.']);

    await talk.run(talk.world.says('Could customers export invoices?'), talk.context(model));
    expect(talk.openDrafts()).toHaveLength(1);
    expect(model.callsOf('draft')[0]?.block('requirement')).toBe('M2.1 Could customers export invoices?');
  });

  it('with a second requirement adds stories beside the first', async () => {
    const model = scriptedModel({
      clarify: noQuestions,
      draft: oneStory,
      understand: () => ({ intent: 'requirement' }),
    });
    await talk.run(talk.world.says(REQUIREMENT), talk.context(model));
    await talk.run(talk.world.says('Also, suppliers upload their bills.'), talk.context(model));
    expect(talk.openDrafts()).toHaveLength(2);
    expect(model.callsOf('draft')[1]?.block('requirement')).toBe('M2.1 Also, suppliers upload their bills.');
  });
});
