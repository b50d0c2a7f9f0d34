import fc from 'fast-check';
import { expect, test } from 'vitest';
import { diffText } from './diff-text.ts';

test('A changed word stands between the words that stayed', () => {
  expect(diffText('Export as PDF today', 'Export as CSV today')).toEqual([
    { kind: 'same', text: 'Export as ' },
    { kind: 'removed', text: 'PDF' },
    { kind: 'added', text: 'CSV' },
    { kind: 'same', text: ' today' },
  ]);
});

test('Both texts can be read back, whatever they are', () => {
  const text = fc.array(fc.constantFrom('a', 'b', ' ', '\n', 'é', '1.'), { maxLength: 60 });
  fc.assert(
    fc.property(text, text, (before, after) => {
      const pieces = diffText(before.join(''), after.join(''));
      const without = (left: string) =>
        pieces
          .filter(({ kind }) => kind !== left)
          .map((piece) => piece.text)
          .join('');
      expect([without('added'), without('removed')]).toEqual([before.join(''), after.join('')]);
    }),
  );
});

test('Two long texts without a line in common are told as one going and one coming', () => {
  const lines = (word: string) => Array.from({ length: 2_000 }, (_, line) => `${word} ${line}`).join('\n');
  expect(diffText(lines('old'), lines('new')).map(({ kind }) => kind)).toEqual(['removed', 'added']);
});
