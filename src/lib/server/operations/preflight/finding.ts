/** What one step of the deployment checklist came to. */
export interface Finding {
  /** The step, in the words of the checklist. */
  step: string;
  /** `by hand`: no command can know; the sentence says what to do. */
  verdict: 'ok' | 'wrong' | 'by hand';
  sentence: string;
}

/** One check of one step. */
export type Check = () => Promise<Omit<Finding, 'step'>> | Omit<Finding, 'step'>;

export const ok = (sentence: string): Omit<Finding, 'step'> => ({ verdict: 'ok', sentence });
export const wrong = (sentence: string): Omit<Finding, 'step'> => ({ verdict: 'wrong', sentence });
export const byHand = (sentence: string): Omit<Finding, 'step'> => ({ verdict: 'by hand', sentence });
