import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { storyFormatSchema } from '../../contracts/config/template-files.ts';
import { offeredFormats, offeredPrompts } from './own-texts.ts';

const shared = {
  storyFormats: [
    storyFormatSchema.parse({ id: 'classic', name: 'Classic', kind: 'classic', instructions: '' }),
  ],
  customPrompts: [],
};
const format = { name: 'Ours', kind: 'custom', instructions: 'Short.', sections: ['Why', 'What'] };

describe('what a person chooses from', () => {
  test('is the shared formats, then their own, oldest first', () => {
    const stored = { 'format.my-02': { ...format, name: 'B' }, 'format.my-01': { ...format, name: 'A' } };
    expect(offeredFormats(shared, stored).map(({ id, name }) => [id, name])).toEqual([
      ['classic', 'Classic'],
      ['my-01', 'A'],
      ['my-02', 'B'],
    ]);
  });

  test('leaves out one that no longer fits, and that one alone', () => {
    const stored = {
      'prompt.my-01': { name: 'Broken', text: 7 },
      'prompt.my-02': { name: 'Wards', text: 'Name the ward.' },
      'prompt.classic': { name: 'In the place of a shared one', text: 'No.' },
    };
    expect(offeredPrompts(shared, stored)).toEqual([{ id: 'my-02', name: 'Wards', text: 'Name the ward.' }]);
  });

  test('is whole, whatever is stored', () => {
    const stored = fc.record({ 'format.my-01': fc.anything(), 'prompt.my-01': fc.anything() });
    fc.assert(
      fc.property(stored, (kept) => {
        const formats = offeredFormats(shared, kept);
        expect(formats[0]).toEqual(shared.storyFormats[0]);
        for (const offered of formats) expect(storyFormatSchema.safeParse(offered).success).toBe(true);
      }),
    );
  });
});
