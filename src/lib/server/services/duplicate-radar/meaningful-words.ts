/** Words that stories share whatever they are about: of the language, and of story writing itself. */
const commonWords = new Set(
  (
    'a able about after all already also an and any are as at be because been before being both but by can cannot could did do does ' +
    'done each every for from given has have how if in into is it its like may me more must my no nobody not of on once only ' +
    'or our out over said see shall should so some somebody such than that the their them then there these they this to too ' +
    'under up us use user users want wants was we were what when where which while who why will with within without would you ' +
    'your story stories criteria criterion acceptance test tests testing assumption assumed please'
  ).split(' '),
);

/** The words of a text that carry its meaning, in lower case, without a plural s, each once, in order. */
export function meaningfulWords(text: string): string[] {
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  const kept = words.filter((word) => word.length > 2 && !commonWords.has(word)).map(singular);
  return [...new Set(kept)];
}

function singular(word: string): string {
  return word.length > 3 && /[^s]s$/.test(word) ? word.slice(0, -1) : word;
}
