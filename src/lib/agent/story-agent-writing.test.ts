import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  agentHarness,
  noQuestions,
  oneStory,
  REQUIREMENT,
  type AgentHarness,
} from './testing/agent-harness.ts';
import { scriptedModel, type Reply } from './testing/scripted-model.ts';
import { storyAnswer } from './testing/story-answers.ts';

let talk: AgentHarness;
beforeEach(() => {
  talk = agentHarness();
});
afterEach(() => talk.dispose());

const criteria = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ text: `Criterion ${index + 1} holds.`, source: 'M1.1' }));
const child = (numbers: number[], storyPoints = 3) => ({
  summary: `Part ${numbers.join('+')}`,
  criteria: numbers,
  storyPoints,
});
const bigStory = (count: number) => () => ({
  message: '',
  stories: [storyAnswer({ storyPoints: 8, acceptanceCriteria: criteria(count) })],
});
const stories = () => talk.world.drafts.drafts;
const openStories = () => stories().filter(({ status }) => status === 'proposed');

describe('an answer that is not what was asked for', () => {
  it('is asked for again, at most twice, and then shown with what to do; no draft appears', async () => {
    const model = scriptedModel({ clarify: noQuestions, draft: () => 'I would rather write a poem.' });
    const outcome = await talk.run(talk.world.says(REQUIREMENT), talk.context(model));
    expect(model.callsOf('draft')).toHaveLength(3);
    expect(outcome).toEqual({ end: 'completed' });
    expect(stories()).toEqual([]);
    expect(talk.world.said().at(-1)).toMatch(/Send your message again[\s\S]*> I would rather write a poem\./);
  });

  it('is taken from the repair when that is readable', async () => {
    const model = scriptedModel({ clarify: noQuestions, draft: [() => 'Sorry?', oneStory] });
    await talk.run(talk.world.says(REQUIREMENT), talk.context(model));
    expect(stories()).toHaveLength(1);
    expect(model.callsOf('draft')[1]?.messages.at(-1)?.content).toContain('no JSON object');
  });

  it('leaves drafts as they are when a change cannot be read, and opens the review again', async () => {
    const model = scriptedModel({ clarify: noQuestions, draft: oneStory, refine: () => 'No.' });
    await talk.run(talk.world.says(REQUIREMENT), talk.context(model));
    const before = structuredClone(stories());
    const outcome = await talk.run(talk.world.says('Shorter', [before[0]?.id ?? '']), talk.context(model));
    expect(outcome).toMatchObject({ end: 'waiting', interrupt: { kind: 'review' } });
    expect(stories()).toEqual(before);
  });

  it('to clarify or understand does not hold up the work', async () => {
    const model = scriptedModel({
      clarify: () => '???',
      draft: oneStory,
      understand: () => '???',
      refine: () => ({ stories: [] }),
    });
    await talk.run(talk.world.says(REQUIREMENT), talk.context(model));
    await talk.run(talk.world.says('Shorter'), talk.context(model));
    expect(model.callsOf('refine')).toHaveLength(1);
  });
});

describe('a message that is too long for the model', () => {
  it('is refused in words, and nothing is cut out of it', async () => {
    talk.world.settings.contextTokens = 2_000;
    const model = scriptedModel({ clarify: noQuestions, draft: oneStory });
    await talk.run(talk.world.says('Export everything. '.repeat(600)), talk.context(model));
    expect(model.calls).toEqual([]);
    expect(talk.world.said().at(-1)).toContain('more than the model reads at once');
  });
});

describe('a broken rule', () => {
  const tooLong = () => ({ message: '', stories: [storyAnswer({ summary: 'x'.repeat(200) })] });

  it('is mended by the model, told what is wrong', async () => {
    const model = scriptedModel({
      clarify: noQuestions,
      draft: tooLong,
      repair: () => ({ story: storyAnswer({ summary: 'Short' }) }),
    });
    await talk.run(talk.world.says(REQUIREMENT), talk.context(model));
    expect(JSON.parse(model.callsOf('repair')[0]?.block('violations') ?? '')).toMatchObject([
      { ruleId: 'summary_length', field: 'summary' },
    ]);
    expect(stories()).toMatchObject([{ version: 2, content: { summary: 'Short' } }]);
  });

  it('that the model cannot mend is shown to the person after two tries', async () => {
    const model = scriptedModel({
      clarify: noQuestions,
      draft: tooLong,
      repair: () => ({ story: storyAnswer({ summary: 'y'.repeat(200) }) }),
    });
    const outcome = await talk.run(talk.world.says(REQUIREMENT), talk.context(model));
    expect(model.callsOf('repair')).toHaveLength(2);
    expect(outcome).toMatchObject({ interrupt: { kind: 'review' } });
    expect(stories()[0]?.rules.find(({ ruleId }) => ruleId === 'summary_length')).toMatchObject({
      outcome: 'violation',
      mark: 'summary 200/150',
    });
  });
});

describe('a story that is too big', () => {
  const runSplit = async (split: Reply | Reply[], count = 4) => {
    const model = scriptedModel({ clarify: noQuestions, draft: bigStory(count), split });
    await talk.run(talk.world.says(REQUIREMENT), talk.context(model));
    return model;
  };
  const texts = () =>
    openStories().map(({ content }) =>
      content.acceptanceCriteria.map(({ text }) => text.replace(/\D+/g, '')).join(','),
    );

  it('is split into children under it that carry its criteria, ids and sources', async () => {
    await runSplit(() => ({ message: 'In two.', children: [child([1, 2]), child([3, 4])] }));
    const [parent] = stories();
    expect(parent?.status).toBe('split');
    expect(openStories().map(({ parentId }) => parentId)).toEqual([parent?.id, parent?.id]);
    expect(openStories().flatMap(({ content }) => content.acceptanceCriteria)).toEqual(
      parent?.content.acceptanceCriteria,
    );
    expect(talk.world.steps).toContain('Splitting into 2');
  });

  it('loses nothing when the model does: it is asked again, then leftovers stay in sight and doubles with the first', async () => {
    const model = await runSplit(() => ({ children: [child([1, 2]), child([2])] }));
    expect(model.callsOf('split')).toHaveLength(3);
    expect(model.callsOf('split')[1]?.messages.at(-1)?.content).toContain('Criterion 3 is in no child.');
    expect(texts()).toEqual(['1,2', '3,4']);
    expect(openStories().at(-1)?.content).toMatchObject({
      summary: 'Export invoices (2 remaining criteria)',
      storyPoints: null,
    });
  });

  it('is split again where a child is still too big, and no third time', async () => {
    const halves: Reply = (call) => {
      const [story] = JSON.parse(call.block('drafts')) as { acceptanceCriteria: unknown[] }[];
      const count = story?.acceptanceCriteria.length ?? 0;
      const numbers = Array.from({ length: count }, (_, index) => index + 1);
      return { children: [child(numbers.slice(0, count / 2), 8), child(numbers.slice(count / 2), 8)] };
    };
    await runSplit(halves, 16);
    expect(texts()).toEqual(['1,2,3,4', '5,6,7,8', '9,10,11,12', '13,14,15,16']);
    expect(openStories()[0]?.rules[0]).toMatchObject({
      ruleId: 'story_points',
      outcome: 'violation',
      mark: 'points 8 of 3',
    });
  });

  it('with one criterion stays whole, its violation shown', async () => {
    talk.world.settings.rules = { ...talk.world.settings.rules, minCriteria: 1 };
    const model = await runSplit(() => ({ children: [] }), 1);
    expect(model.callsOf('split')).toEqual([]);
    expect(openStories()).toHaveLength(1);
  });

  it('goes on with children that a broken-off run saved', async () => {
    const model = scriptedModel({
      clarify: noQuestions,
      draft: bigStory(4),
      split: () => ({ children: [child([1, 2]), child([3, 4])] }),
    });
    const input = talk.world.says(REQUIREMENT);
    const { markSplit } = talk.world.drafts;
    talk.world.drafts.markSplit = () => Promise.reject(new Error('disk full'));
    await expect(talk.run(input, talk.context(model))).rejects.toThrow('disk full');
    talk.world.drafts.markSplit = markSplit;
    await talk.run(input, talk.context(model));
    expect(model.callsOf('split')).toHaveLength(1);
    expect(texts()).toEqual(['1,2', '3,4']);
  });
});

describe("a person's own edits", () => {
  const drafted = async (refine: Reply) => {
    const model = scriptedModel({
      clarify: noQuestions,
      draft: oneStory,
      understand: () => ({ intent: 'instruction' }),
      refine,
    });
    await talk.run(talk.world.says(REQUIREMENT), talk.context(model));
    return { model, draftId: stories()[0]?.id ?? '' };
  };
  const rewritten = () => ({
    message: 'Done.',
    stories: [{ number: 1, ...storyAnswer({ summary: 'Model summary', stlcNotes: '- Model test.' }) }],
  });

  it('made before an instruction outlive it, and the message says where they stood against it', async () => {
    const { model, draftId } = await drafted(rewritten);
    talk.world.drafts.edit(draftId, { summary: 'My summary' });
    await talk.run(talk.world.says('Rewrite it'), talk.context(model));
    expect(stories()[0]?.content).toMatchObject({ summary: 'My summary', stlcNotes: '- Model test.' });
    expect(talk.world.said().at(-1)).toContain('Your summary stays: “My summary”.');
    await talk.run(talk.world.says('Rewrite it once more'), talk.context(model));
    expect(stories()[0]?.content.summary).toBe('My summary');
  });

  it('made while the model writes, or even while it is saved, are in the new version', async () => {
    const { model, draftId } = await drafted(() => {
      talk.world.drafts.edit(draftId, { labels: ['invoices', 'mine'] });
      return rewritten();
    });
    const { save } = talk.world.drafts;
    talk.world.drafts.save = (...args) => {
      talk.world.drafts.save = save;
      talk.world.drafts.edit(draftId, { description: 'Mine too.' });
      return save(...args);
    };
    await talk.run(talk.world.says('Rewrite it'), talk.context(model));
    expect(stories()[0]?.content).toMatchObject({
      summary: 'Model summary',
      labels: ['invoices', 'mine'],
      description: 'Mine too.',
    });
  });

  it('do not bring a discarded story back', async () => {
    const { model } = await drafted(() => {
      talk.world.drafts.setStatus(stories()[0]?.id ?? '', 'discarded');
      return rewritten();
    });
    expect(await talk.run(talk.world.says('Rewrite it'), talk.context(model))).toEqual({ end: 'completed' });
    expect(stories()).toMatchObject([{ status: 'discarded', version: 1 }]);
  });
});
