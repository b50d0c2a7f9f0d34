import { describe, expect, it } from 'vitest';
import { ruleDefaultsSchema } from '../../contracts/config/config-file.ts';
import type { StoryContent } from '../../contracts/story.ts';
import { storyContent } from '../testing/story-answers.ts';
import { checkRules } from './index.ts';

const settings = ruleDefaultsSchema.parse({ bannedWords: ['simply', 'as soon as'] });

function resultOf(ruleId: string, differs: Partial<StoryContent>, place = {}) {
  return checkRules(storyContent(differs), settings, place).find((result) => result.ruleId === ruleId);
}

describe('rules', () => {
  it('find nothing in a good story, and give each a short mark', () => {
    expect(
      checkRules(storyContent(), settings, { projectKey: 'DEMO' }).map(({ outcome, mark }) => [
        outcome,
        mark,
      ]),
    ).toEqual([
      ['ok', 'points 3 of 3'],
      ['ok', 'sections 2 of 2'],
      ['ok', 'summary 15/150'],
      ['ok', 'criteria 2'],
      ['ok', 'description 64/4000'],
      ['ok', 'no banned words'],
      ['ok', 'project DEMO'],
    ]);
  });

  it.each([
    ['story_points', { storyPoints: 5 }, 'violation', /Split it/],
    ['story_points', { storyPoints: 2.5 }, 'violation', /Use one of 0, 0\.5, 1, 2, 3\./],
    ['story_points', { storyPoints: null }, 'advice', /not estimated/],
    [
      'required_sections',
      { stlcNotes: ' \n', acceptanceCriteria: [] },
      'violation',
      /Acceptance Criteria and STLC notes missing/,
    ],
    ['summary_length', { summary: 'x'.repeat(151) }, 'violation', /1 characters too long/],
    ['summary_length', { summary: ' ' }, 'violation', /empty/],
    ['minimum_criteria', { acceptanceCriteria: [] }, 'violation', /0 of at least 2/],
    ['description_length', { description: 'x'.repeat(4_001) }, 'violation', /at most 4000/],
    ['banned_words', { description: 'Simply click.' }, 'violation', /“simply”/],
    ['banned_words', { stlcNotes: 'as  soon\nas it runs' }, 'violation', /“as soon as”/],
    ['banned_words', { description: 'oversimplystated' }, 'ok', undefined],
  ] as const)('%s with %j: %s', (ruleId, differs, outcome, message) => {
    const result = resultOf(ruleId, differs as Partial<StoryContent>);
    expect(result?.outcome).toBe(outcome);
    if (message) expect(result?.message).toMatch(message);
  });

  it('refuse an epic of another project', () => {
    expect(resultOf('single_project', { epicKey: 'OPS-4' }, { projectKey: 'DEMO' })).toMatchObject({
      outcome: 'violation',
      field: 'epicKey',
    });
    expect(resultOf('single_project', { epicKey: 'DEMO-4' }, { projectKey: 'DEMO' })?.outcome).toBe('ok');
  });

  it('only advise more criteria for a child, which has its part of the parent’s', () => {
    const [first] = storyContent().acceptanceCriteria;
    if (!first) throw new Error('The builder has two criteria.');
    expect(resultOf('minimum_criteria', { acceptanceCriteria: [first] }, { isChild: true })?.outcome).toBe(
      'advice',
    );
  });
});
