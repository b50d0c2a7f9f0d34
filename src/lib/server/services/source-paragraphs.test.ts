import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { paragraphsOf, shortParagraphs } from './source-paragraphs.ts';

describe('The paragraphs of a source', () => {
  it('are parted by blank lines and list items', () => {
    expect(paragraphsOf('One.\nStill one.\r\n\r\nTwo:\n- a\n- b\n1. c')).toEqual([
      'One.\nStill one.',
      'Two:',
      '- a',
      '- b',
      '1. c',
    ]);
  });

  it('end with a line, else a sentence, else a word, where one is too long', () => {
    const line = `${'word '.repeat(300).trim()}`;
    expect(shortParagraphs([`${line}\n${line}`])).toEqual([line, line]);
    const sentence = `${'word '.repeat(300)}ends.`;
    expect(shortParagraphs([`${sentence} ${sentence}`])).toEqual([sentence, sentence]);
    expect(shortParagraphs(['word '.repeat(900).trim()]).every((piece) => /^word.*word$/.test(piece))).toBe(
      true,
    );
    expect(shortParagraphs([line])).toEqual([line]);
  });

  it('lose nothing and are short, whatever stands in them', () => {
    const text = fc.stringMatching(/^[a-z\u4e00-\u4e05😀 .\n]{0,4000}$/u);
    fc.assert(
      fc.property(fc.array(text, { maxLength: 3 }), (texts) => {
        const pieces = shortParagraphs(texts);
        expect(pieces.join('').replace(/\s+/g, '')).toBe(texts.join('').replace(/\s+/g, ''));
        for (const piece of pieces) expect(piece.length).toBeLessThanOrEqual(2_000);
      }),
      { numRuns: 50 },
    );
  });
});
