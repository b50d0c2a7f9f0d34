/** How the scripted model is to answer. It travels inside the prompt, so that one model serves every load at a time. */
export interface AnswerScript {
  /** Until the first token of every call. */
  firstTokenMs: number;
  tokens: number;
  /** Between two tokens; 0 writes as fast as the reader takes them. */
  gapMs: number;
  /** Ask a question before anything is drafted. */
  asks?: boolean;
}

/** A requirement that carries the script. Words and numbers alone, so that no prompt's layout changes it. */
export function writeScript({ firstTokenMs, tokens, gapMs, asks }: AnswerScript): string {
  const asking = asks ? ' once it has asked' : '';
  return `Customers export invoices and the bench waits ${firstTokenMs} then writes ${tokens} tokens ${gapMs} apart${asking}`;
}

/** Null for a prompt without one. */
export function readScript(prompt: string): AnswerScript | null {
  const found = /the bench waits (\d+) then writes (\d+) tokens (\d+) apart( once it has asked)?/.exec(
    prompt,
  );
  if (!found) return null;
  const [firstTokenMs = 0, tokens = 0, gapMs = 0] = found.slice(1, 4).map(Number);
  return { firstTokenMs, tokens, gapMs, asks: found[4] !== undefined };
}
