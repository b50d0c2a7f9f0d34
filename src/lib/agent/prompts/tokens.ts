/**
 * About how many tokens a text is: four characters of ASCII a token, two of other alphabets, one of scripts such as
 * Chinese. An estimate: every model counts differently, so budgets made with it keep a reserve.
 */
export function estimateTokens(text: string): number {
  let quarters = 0;
  for (let index = 0; index < text.length; index += 1) quarters += quartersOf(text.charCodeAt(index));
  return Math.ceil(quarters / 4);
}

/** The beginning of a text that is at most that many tokens. */
export function firstTokens(text: string, tokens: number): string {
  let left = tokens * 4;
  let end = 0;
  while (end < text.length && (left -= quartersOf(text.charCodeAt(end))) >= 0) end += 1;
  return text.slice(0, end);
}

/** Quarters of a token that a UTF-16 unit counts. */
function quartersOf(unit: number): number {
  if (unit < 0x80) return 1;
  return unit < 0x2e80 ? 2 : 4;
}
