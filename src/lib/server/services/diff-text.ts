import { diffLines, diffWordsWithSpace } from 'diff';
import type { TextPiece } from '../../contracts/draft-version.ts';

/** Longer texts are compared line by line: word by word they would hold up everybody else. */
const MOST_CHARACTERS_BY_WORD = 8_000;
/** Beyond so many differences the two texts have little in common, and comparing takes long. */
const maxEditLength = 1_000;

/**
 * What became of a text, word by word, or line by line where it is long. The added and the same pieces, joined, are
 * `after`; the removed and the same are `before`.
 */
export function diffText(before: string, after: string): TextPiece[] {
  const isShort = before.length + after.length <= MOST_CHARACTERS_BY_WORD;
  const found = isShort
    ? diffWordsWithSpace(before, after, { maxEditLength })
    : diffLines(before, after, { maxEditLength });
  if (!found) return whole(before, after);
  return found.map(({ added, removed, value }) => ({
    kind: added ? 'added' : removed ? 'removed' : 'same',
    text: value,
  }));
}

function whole(before: string, after: string): TextPiece[] {
  const pieces: TextPiece[] = [
    { kind: 'removed', text: before },
    { kind: 'added', text: after },
  ];
  return pieces.filter(({ text }) => text !== '');
}
