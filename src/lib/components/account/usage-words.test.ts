import { expect, it } from 'vitest';
import { budgetInWords, tokensInWords, waitingInWords } from './usage-words.ts';

const used = { calls: 3, inputTokens: 1_200, outputTokens: 300, totalMs: 4_250, hasEstimates: false };

it('says how much was used, and marks what was estimated', () => {
  expect(tokensInWords(used)).toBe('1,500 tokens');
  expect(tokensInWords({ ...used, hasEstimates: true })).toBe('about 1,500 tokens');
  expect(waitingInWords(used)).toBe('1,200 asked, 300 answered · 3 calls · 4.3 s waited for');
  expect(waitingInWords({ ...used, calls: 1, totalMs: 150_000 })).toContain('1 call · 3 min');
});

it('says what a budget leaves, and when it comes again', () => {
  const view = { today: used, month: used };
  expect(budgetInWords({ ...view, tokensPerDay: null })).toBeNull();
  expect(budgetInWords({ ...view, tokensPerDay: 2_000 })).toBe(
    '500 of your 2,000 tokens for today are left.',
  );
  expect(budgetInWords({ ...view, tokensPerDay: 1_000 })).toMatch(/^Your 1,000 tokens .* used up/);
});
