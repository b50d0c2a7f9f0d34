import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { StoryDraft } from '../../contracts/story.ts';
import { memoryWorld, type MemoryWorld } from '../testing/memory-world.ts';
import { scriptedModel } from '../testing/scripted-model.ts';
import { storyContent } from '../testing/story-answers.ts';
import type { State } from '../state.ts';
import { split } from './split.ts';
import { validate } from './validate.ts';

/** What a model answers when it is asked to split: any numbers in any children, or nothing that can be read. */
const anAnswer = fc.oneof(
  { weight: 1, arbitrary: fc.constant('I would rather not.') },
  {
    weight: 6,
    arbitrary: fc.array(
      fc.record({
        criteria: fc.array(fc.integer({ min: -1, max: 22 }), { maxLength: 12 }),
        storyPoints: fc.constantFrom(1, 2, 3, 5, 8, null),
      }),
      { minLength: 1, maxLength: 6 },
    ),
  },
);

describe('200 stories that are too big', () => {
  it('lose and double no criterion, whatever the model answers, and what is too big still says so', async () => {
    const story = fc.record({
      criteria: fc.integer({ min: 2, max: 20 }),
      storyPoints: fc.constantFrom(5, 8, 13, 40),
      answers: fc.array(anAnswer, { minLength: 1, maxLength: 9 }),
    });
    await fc.assert(
      fc.asyncProperty(story, async ({ criteria, storyPoints, answers }) => {
        const world = memoryWorld();
        const parent = await bigStory(world, criteria, storyPoints);
        const replies = answers.map(
          (answer) => () => (typeof answer === 'string' ? answer : childrenOf(answer)),
        );
        await splitAsTheGraphDoes(world, parent, replies);

        const leaves = world.drafts.drafts.filter(({ status }) => status === 'proposed');
        expect(criteriaOf(leaves)).toEqual(criteriaOf([parent]));
        for (const { content, rules } of leaves) {
          expect(content.acceptanceCriteria).not.toEqual([]);
          if ((content.storyPoints ?? 0) > 3)
            expect(rules).toContainEqual(
              expect.objectContaining({ ruleId: 'story_points', outcome: 'violation' }),
            );
        }
        for (const { id, position } of world.drafts.drafts.filter(({ status }) => status === 'split')) {
          const places = world.drafts.drafts
            .filter(({ parentId }) => parentId === id)
            .map((child) => child.position);
          expect(places).toEqual([...new Set(places)].sort((a, b) => a - b));
          expect(places[0]).toBeGreaterThan(position);
        }
      }),
      { numRuns: 200 },
    );
  });
});

async function bigStory(world: MemoryWorld, criteria: number, storyPoints: number): Promise<StoryDraft> {
  const acceptanceCriteria = Array.from({ length: criteria }, (_, index) => ({
    id: `C${index + 1}`,
    text: `Criterion ${index + 1} holds.`,
    source: { kind: 'message' as const, ref: 'M1.1', quote: `Sentence ${index + 1}.` },
  }));
  const content = storyContent({ acceptanceCriteria, storyPoints });
  const proposal = { newDraftId: 'big', parentId: null, position: 10_000, content, rules: [] };
  const [parent] = await world.drafts.save('conversation', 'run', [proposal]);
  if (!parent) throw new Error('The story was not saved.');
  return parent;
}

/** Checks and splits in turn until the checks are content with it, as the edges lead. */
async function splitAsTheGraphDoes(
  world: MemoryWorld,
  { id }: StoryDraft,
  replies: (() => unknown)[],
): Promise<void> {
  const context = world.context(scriptedModel({ split: replies }));
  let state = {
    draftIds: [id],
    repairRounds: 99,
    splitRounds: 0,
    summaryUpTo: '',
  } as unknown as State;
  for (;;) {
    state = { ...state, ...((await validate(state, context)) as Partial<State>) };
    if (state.afterChecks !== 'split') return;
    state = { ...state, ...((await split(state, context)) as Partial<State>), repairRounds: 99 };
  }
}

function childrenOf(children: { criteria: number[]; storyPoints: number | null }[]) {
  return {
    message: '',
    children: children.map((child, index) => ({ summary: `Part ${index + 1}`, ...child })),
  };
}

/** All criteria with id, words and source, in the order of their ids. */
function criteriaOf(drafts: StoryDraft[]) {
  return drafts
    .flatMap(({ content }) => content.acceptanceCriteria)
    .sort((a, b) => Number(a.id.slice(1)) - Number(b.id.slice(1)));
}
