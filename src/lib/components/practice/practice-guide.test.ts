import { describe, expect, it } from 'vitest';
import { practiceHints, type PracticeHint } from '../../contracts/plain-values.ts';
import { preferenceSchemas } from '../../contracts/preferences.ts';
import { createPracticeGuide } from './practice-guide.svelte.ts';

function guideOf({ practice = true, done = [] as PracticeHint[] } = {}) {
  const kept: PracticeHint[][] = [];
  const guide = createPracticeGuide({ practice: () => practice, done, keep: (next) => kept.push(next) });
  return { guide, kept, shown: () => practiceHints.filter(guide.shows) };
}

describe('the hints of practice mode', () => {
  it('show until they are put away, one by one', () => {
    const { guide, kept, shown } = guideOf();
    expect(shown()).toEqual([...practiceHints]);
    guide.dismiss('question');
    guide.dismiss('question');
    expect(shown()).toEqual(['configurations', 'requirement', 'review']);
    expect(kept.at(-1)).toEqual(['question']);
  });

  it('are put away all at once, and come back all at once', () => {
    const { guide, kept, shown } = guideOf({ done: ['review'] });
    guide.dismissAll();
    expect(shown()).toEqual([]);
    expect(preferenceSchemas.hintsDone.safeParse(kept.at(-1)).success).toBe(true);
    guide.restart();
    expect(shown()).toEqual([...practiceHints]);
    expect(kept.at(-1)).toEqual([]);
  });

  it('never show outside practice mode', () => {
    expect(guideOf({ practice: false }).shown()).toEqual([]);
  });
});
