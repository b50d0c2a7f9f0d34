/** Small English: just enough to turn one sentence into others. */

export function capitalise(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** "a" or "an" before a noun, by its first letter. */
export function article(noun: string): string {
  return /^[aeiou]/i.test(noun) && !/^(?:user|uni|use|one|eu)/i.test(noun) ? 'an' : 'a';
}

/** The singular of the last word: "account owners" becomes "account owner". */
export function singular(noun: string): string {
  if (/(?:ss|us|is)$/i.test(noun)) return noun;
  if (/people$/i.test(noun)) return noun.replace(/people$/i, 'person');
  if (/ies$/i.test(noun)) return noun.replace(/ies$/i, 'y');
  if (/(?:xes|ches|shes|sses)$/i.test(noun)) return noun.slice(0, -2);
  return noun.replace(/s$/i, '');
}

export function plural(noun: string): string {
  if (/person$/i.test(noun)) return noun.replace(/person$/i, 'people');
  if (/[^aeiou]y$/i.test(noun)) return noun.replace(/y$/i, 'ies');
  if (/(?:x|ch|sh|s)$/i.test(noun)) return `${noun}es`;
  return `${noun}s`;
}

export function withFullStop(text: string): string {
  const trimmed = text.trim().replace(/[,;:]+$/, '');
  return /[.!?]$/.test(trimmed) ? trimmed : `${trimmed}.`;
}

export function withoutFullStop(text: string): string {
  return text.trim().replace(/[.!?;,:\s]+$/, '');
}

/** At most `max` characters, cut between words, with an ellipsis where something was cut. */
export function shorten(text: string, max: number): string {
  if (text.length <= max) return text;
  const cut = text.slice(0, max - 1);
  const lastSpace = cut.lastIndexOf(' ');
  return `${withoutFullStop(lastSpace > max / 2 ? cut.slice(0, lastSpace) : cut)}…`;
}

const stopWords = new Set(
  (
    'a an and are as at be been but by can could do does each every for from had has have how if in into is it its ' +
    'like may more must need no not of on or our shall should so some such than that the their them then there they ' +
    'this to too up us use want was we were what when where which who will with within without would you your able also only'
  ).split(' '),
);

/** The words that carry meaning, in lower case and without a plural s, each once. */
export function keywords(text: string): Set<string> {
  const words = text.toLowerCase().match(/[\p{L}\p{N}][\p{L}\p{N}-]*/gu) ?? [];
  return new Set(words.filter((word) => word.length > 2 && !stopWords.has(word)).map(singular));
}

export function sharedKeywords(a: string, b: string): number {
  const words = keywords(b);
  return [...keywords(a)].filter((word) => words.has(word)).length;
}
