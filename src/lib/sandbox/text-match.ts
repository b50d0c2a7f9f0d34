/**
 * Whether a text contains what a `~` query asks for: every word, in any order, by its stem; words that end
 * in `*` as beginnings; what stands in double quotes as a phrase. A coarse stand-in for Lucene's analysis.
 */
export function matchesText(text: string, query: string): boolean {
  const words = wordsOf(text);
  const phrases = [...query.matchAll(/"([^"]+)"/g)].map((match) => wordsOf(match[1] ?? ''));
  const terms = query
    .replaceAll(/"[^"]*"/g, ' ')
    .split(/[^\p{L}\p{N}*]+/u)
    .filter(Boolean);
  if (phrases.length === 0 && terms.length === 0) return false;
  return (
    phrases.every((phrase) => containsPhrase(words, phrase)) &&
    terms.every((term) => containsTerm(words, term.toLowerCase()))
  );
}

// Lucene's English analyser leaves these out, so that a question in plain words still finds something.
const stopWords = new Set(
  'a an and are as at be but by for if in into is it no not of on or such that the their then there these they this to was will with'.split(
    ' ',
  ),
);

function wordsOf(text: string): string[] {
  return (text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).map(stem);
}

function containsTerm(words: readonly string[], term: string): boolean {
  const literal = term.replaceAll('*', '');
  if (literal === '' || stopWords.has(literal)) return true;
  if (term.endsWith('*')) return words.some((word) => word.startsWith(literal));
  return words.includes(stem(literal));
}

function containsPhrase(words: readonly string[], phrase: readonly string[]): boolean {
  return words.some((_, start) => phrase.every((word, offset) => words[start + offset] === word));
}

function stem(word: string): string {
  if (word.length <= 4) return word.replace(/(?<=\w{2})s$/, '');
  return word
    .replace(/ies$/, 'y')
    .replace(/(?:ations?|ings?|ed|es|s)$/, '')
    .replace(/e$/, '');
}
