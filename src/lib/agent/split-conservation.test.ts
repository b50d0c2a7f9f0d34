import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { conservationFaults, conserve } from './split-conservation.ts';

describe('conservation of a split', () => {
  it('finds nothing wrong with a true partition', () => {
    expect(conservationFaults(4, [[1, 4], [2], [3]])).toEqual([]);
  });

  it('names what is lost, doubled, unknown or empty', () => {
    expect(conservationFaults(3, [[1], [1, 7], []])).toEqual([
      'Criterion 2 is in no child.',
      'Criterion 3 is in no child.',
      'Criterion 1 is in the children 1 and 2; it belongs in one.',
      'There is no criterion 7; the story has 3.',
      'Child 3 has no criterion.',
    ]);
  });

  it('holds for whatever a model answers: each criterion in exactly one place (200 oversized stories)', () => {
    const anySplit = fc.record({
      count: fc.integer({ min: 2, max: 60 }),
      children: fc.array(fc.array(fc.integer({ min: -3, max: 70 }), { maxLength: 70 }), {
        minLength: 1,
        maxLength: 9,
      }),
    });
    fc.assert(
      fc.property(anySplit, ({ count, children }) => {
        const allotment = conserve(count, children);
        const placed = [...allotment.children.flat(), ...allotment.leftovers].sort((a, b) => a - b);
        expect(placed).toEqual(Array.from({ length: count }, (_, index) => index + 1));
        allotment.children.forEach((numbers, index) => {
          for (const number of numbers) {
            expect(children[index]).toContain(number);
            expect(children.slice(0, index).flat()).not.toContain(number);
          }
        });
        if (conservationFaults(count, children).length === 0) expect(allotment.leftovers).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });
});
