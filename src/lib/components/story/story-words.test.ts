import { describe, expect, it } from 'vitest';
import { criterion, draft } from './testing/drafts.ts';
import { sourceWords } from './source-words.ts';
import { splitMapping, splitSentence } from './split-mapping.ts';
import { postingSentence, unreadySentence } from './review-words.ts';

describe('where a criterion comes from', () => {
  it('leads to the message that said it', () => {
    const words = sourceWords({ kind: 'message', ref: 'M2.1', quote: 'By e-mail too.' });
    expect(words).toMatchObject({ mark: 'you', told: 'You said: “By e-mail too.”', ref: 'M2.1' });
  });

  it('names the source and its paragraph', () => {
    const words = sourceWords({ kind: 'page', ref: 'S1.4', quote: 'Ten years.', title: 'Billing' });
    expect(words).toMatchObject({ mark: 'S1 ¶4', told: '“Ten years.”, from Billing' });
  });

  it('stands out when nobody said it', () => {
    expect(sourceWords({ kind: 'assumption', quote: 'Nobody said this so far.' })).toMatchObject({
      mark: 'assumed',
      tone: 'warn',
      ref: null,
    });
  });
});

describe('a split story', () => {
  const parent = draft({ acceptanceCriteria: [criterion('a'), criterion('b'), criterion('c')] });

  it('shows which part took each criterion over', () => {
    const parts = [
      draft({ acceptanceCriteria: [criterion('b')] }),
      draft({ acceptanceCriteria: [criterion('a'), criterion('c')] }),
    ];
    const mapping = splitMapping(parent, parts);
    expect(mapping.map(({ criterion: { id }, part }) => [id, part])).toEqual([
      ['a', 2],
      ['b', 1],
      ['c', 2],
    ]);
    expect(splitSentence(mapping, 2)).toBe('Split into 2 stories; all 3 criteria are placed, each once.');
  });

  it('says when a later change dropped one', () => {
    const mapping = splitMapping(parent, [draft({ acceptanceCriteria: [criterion('a'), criterion('b')] })]);
    expect(splitSentence(mapping, 1)).toBe(
      'Split into 1 story; 2 of 3 criteria are placed, 1 was dropped since.',
    );
  });
});

describe('what an approval will create', () => {
  it('counts by issue type and names the project', () => {
    const drafts = [
      draft({ issueType: 'Story' }),
      draft({ issueType: 'Story' }),
      draft({ issueType: 'Bug' }),
    ];
    expect(postingSentence(drafts)).toBe('Creates 2 Stories and 1 Bug in DEMO');
  });

  it('says what is chosen and waits', () => {
    expect(unreadySentence(0)).toBe('');
    expect(unreadySentence(1)).toMatch(/^One more is chosen and not ready yet/);
    expect(unreadySentence(3)).toMatch(/^3 more are chosen/);
  });
});
