import { describe, expect, it } from 'vitest';
import type { Criterion, StoryContent } from '../../contracts/story.ts';
import { applyEdit } from './draft-edit.ts';

const said = (id: string, text: string): Criterion => ({
  id,
  text,
  source: { kind: 'message', ref: 'M1.1', quote: text },
});
const edited = (id: string, text: string): Criterion => ({ id, text, source: { kind: 'edit', quote: text } });

function criteriaAfter(
  now: Criterion[],
  typed: { id?: string; text: string }[],
  earlier: Criterion[] = [],
): Criterion[] {
  const content = { acceptanceCriteria: now } as StoryContent;
  return applyEdit(content, { acceptanceCriteria: typed }, () => 'new', earlier).acceptanceCriteria;
}

describe('the criteria of an edited story', () => {
  it('keep their source where their text was left alone', () => {
    expect(criteriaAfter([said('a', 'A.')], [{ id: 'a', text: 'A.' }])).toEqual([said('a', 'A.')]);
  });

  it('keep their id and name the edit where they were written anew', () => {
    expect(criteriaAfter([said('a', 'A.')], [{ id: 'a', text: 'B.' }])).toEqual([edited('a', 'B.')]);
  });

  it('are new where nobody knows their id, and where an id comes twice', () => {
    const typed = [
      { id: 'a', text: 'A.' },
      { id: 'a', text: 'A.' },
    ];
    expect(criteriaAfter([said('a', 'A.')], typed)).toEqual([said('a', 'A.'), edited('new', 'A.')]);
    expect(criteriaAfter([], [{ id: 'b', text: 'B.' }])).toEqual([edited('new', 'B.')]);
  });

  it('have their source back once they say again what they said', () => {
    const earlier = [edited('a', 'B.'), said('a', 'A.'), said('gone', 'C.')];
    const typed = [
      { id: 'a', text: 'A.' },
      { id: 'gone', text: 'C.' },
    ];
    expect(criteriaAfter([edited('a', 'B.')], typed, earlier)).toEqual([said('a', 'A.'), said('gone', 'C.')]);
  });
});
