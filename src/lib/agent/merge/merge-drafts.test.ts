import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DraftVersion } from '../ports.ts';
import { storyContent } from '../testing/story-answers.ts';
import { mergeDrafts, withoutEdits } from './merge-drafts.ts';

const noNewId = () => 'new';

describe('merging a rewrite with a person’s edits', () => {
  it('takes what only the model changed and keeps what only the person changed', () => {
    const base = storyContent({ description: 'one\ntwo\nthree' });
    const person = storyContent({ description: 'one, edited\ntwo\nthree', storyPoints: 2 });
    const model = storyContent({ description: 'one\ntwo\nthree, rewritten', summary: 'New' });
    const { content, kept } = mergeDrafts(base, person, model, noNewId);
    expect(content).toMatchObject({
      description: 'one, edited\ntwo\nthree, rewritten',
      storyPoints: 2,
      summary: 'New',
    });
    expect(kept).toEqual([]);
  });

  it('keeps the person’s words where both changed the same place, and says so', () => {
    const base = storyContent();
    const { content, kept } = mergeDrafts(
      base,
      storyContent({ summary: 'Mine', stlcNotes: 'Mine' }),
      storyContent({ summary: 'Model’s', stlcNotes: 'Model’s' }),
      noNewId,
    );
    expect(content).toMatchObject({ summary: 'Mine', stlcNotes: 'Mine' });
    expect(kept).toEqual(['Your summary stays: “Mine”.', 'Your words in the STLC notes stay: “Mine”.']);
  });

  it('keeps criteria that the person took out away, and gives every criterion an id of its own', () => {
    const base = storyContent();
    const [first, second] = base.acceptanceCriteria;
    if (!first || !second) throw new Error('The builder has two criteria.');
    const added = { ...second, text: 'Model’s new one.' };
    const { content } = mergeDrafts(
      base,
      storyContent({ acceptanceCriteria: [second] }),
      storyContent({ acceptanceCriteria: [first, second, added] }),
      noNewId,
    );
    expect(content.acceptanceCriteria.map(({ id, text }) => [id, text])).toEqual([
      ['C2', 'Invoices export as CSV.'],
      ['new', 'Model’s new one.'],
    ]);
  });

  it('protects an edit over several rewrites', () => {
    const history: DraftVersion[] = [
      { version: 1, author: 'agent', content: storyContent({ summary: 'A' }) },
      { version: 2, author: 'person', content: storyContent({ summary: 'Mine' }) },
      { version: 3, author: 'agent', content: storyContent({ summary: 'Mine', stlcNotes: 'B' }) },
    ];
    expect(withoutEdits(history, noNewId)).toMatchObject({ summary: 'A', stlcNotes: 'B' });
  });

  it('loses no edited line in 200 interleavings of edits and rewrites', () => {
    const lines = fc.array(fc.constantFrom('alpha', 'beta', 'gamma', 'delta', ''), { maxLength: 6 });
    const change = fc.record({
      at: fc.nat(6),
      remove: fc.nat(2),
      by: fc.constantFrom<DraftVersion['author']>('agent', 'person'),
      /** How many versions were saved since the model saw the story. */
      behind: fc.nat(2),
    });
    fc.assert(
      fc.property(lines, fc.array(change, { minLength: 1, maxLength: 12 }), (start, changes) => {
        const textOf = (texts: string[]) => storyContent({ description: texts.join('\n') });
        const history: DraftVersion[] = [{ version: 1, author: 'agent', content: textOf(start) }];
        const edited = new Set<string>();
        changes.forEach(({ at, remove, by, behind }, index) => {
          const current = history.at(-1)?.content ?? textOf([]);
          const seen = by === 'person' ? current : (history.at(-1 - behind)?.content ?? current);
          const texts = seen.description.split('\n');
          const gone = texts.splice(at, remove, `${by} ${index}`);
          if (by === 'person') {
            gone.forEach((line) => edited.delete(line));
            edited.add(`person ${index}`);
            history.push({ version: index + 2, author: by, content: textOf(texts) });
          } else {
            const base = withoutEdits(history, noNewId) ?? current;
            const { content } = mergeDrafts(base, current, textOf(texts), noNewId);
            history.push({ version: index + 2, author: by, content });
          }
          const now = history.at(-1)?.content.description.split('\n');
          for (const line of edited) expect(now).toContain(line);
        });
      }),
      { numRuns: 200 },
    );
  });
});
