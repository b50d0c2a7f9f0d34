/**
 * About how many tokens a text is, at four characters a token. An estimate: every model counts differently, so
 * budgets made with it keep a reserve.
 */
export function estimateTokens(text: string): number {
  return Math.ceil(text.length / CHARACTERS_PER_TOKEN);
}

export const CHARACTERS_PER_TOKEN = 4;
