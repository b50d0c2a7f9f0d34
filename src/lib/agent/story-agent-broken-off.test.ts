import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  agentHarness,
  noQuestions,
  oneStory,
  REQUIREMENT,
  type AgentHarness,
} from './testing/agent-harness.ts';
import { CutOff, scriptedModel } from './testing/scripted-model.ts';
import { storyAnswer } from './testing/story-answers.ts';

let talk: AgentHarness;
beforeEach(() => {
  talk = agentHarness();
});
afterEach(() => talk.dispose());

const stories = () => talk.world.drafts.drafts;

describe('an answer that breaks off', () => {
  const cutAfter = (answer: object, lastWords: string) => {
    const text = JSON.stringify(answer);
    return () => new CutOff(text.slice(0, text.indexOf(lastWords) + lastWords.length));
  };

  it('in the middle of a rewrite takes nothing from the story that it did not finish, and says so', async () => {
    const second = storyAnswer({ summary: 'Export receipts' });
    const model = scriptedModel({
      clarify: noQuestions,
      draft: () => ({ message: '', stories: [storyAnswer(), second] }),
      understand: () => ({ intent: 'instruction' }),
      refine: cutAfter(
        {
          message: 'Shorter now.',
          stories: [
            { number: 1, ...storyAnswer({ storyPoints: 2 }) },
            { number: 2, ...second, storyPoints: 2 },
          ],
        },
        '"Export receipts","issueType":"Story","description":"As a',
      ),
    });
    await talk.run(talk.world.says(REQUIREMENT), talk.context(model));
    const before = structuredClone(stories()[1]);
    await talk.run(talk.world.says('Shorter'), talk.context(model));
    expect(stories()[0]).toMatchObject({ version: 2, content: { storyPoints: 2 } });
    expect(stories()[1]).toEqual(before);
    expect(talk.world.said().at(-1)).toContain('stays as it was');
  });

  it('or leaves parts of a story out, takes none of them away', async () => {
    const model = scriptedModel({
      clarify: noQuestions,
      draft: oneStory,
      understand: () => ({ intent: 'instruction' }),
      refine: () => ({
        message: '',
        stories: [
          { number: 1, summary: 'Export all invoices' },
          { number: 9, summary: 'None such' },
        ],
      }),
    });
    await talk.run(talk.world.says(REQUIREMENT), talk.context(model));
    const before = structuredClone(stories()[0]?.content);
    await talk.run(talk.world.says('Say that it is all of them'), talk.context(model));
    expect(stories()).toHaveLength(1);
    expect(stories()[0]?.content).toEqual({ ...before, summary: 'Export all invoices' });
  });

  it('while a rule is mended leaves the story as it was', async () => {
    const tooLong = storyAnswer({ summary: 'x'.repeat(200) });
    const model = scriptedModel({
      clarify: noQuestions,
      draft: () => ({ message: '', stories: [tooLong] }),
      repair: cutAfter({ story: storyAnswer({ summary: 'Short' }) }, 'Invoices export as PDF.'),
    });
    await talk.run(talk.world.says(REQUIREMENT), talk.context(model));
    expect(stories()).toMatchObject([
      { version: 1, content: { acceptanceCriteria: [{ text: 'Invoices export as PDF.' }, {}] } },
    ]);
  });
});
