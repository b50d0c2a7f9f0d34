import type { Usage, UsageView } from '$lib/contracts/usage';

/** `12,400 tokens`, with `about` where some were estimated. */
export function tokensInWords({ inputTokens, outputTokens, hasEstimates }: Usage): string {
  const tokens = inputTokens + outputTokens;
  return `${hasEstimates ? 'about ' : ''}${number(tokens)} ${tokens === 1 ? 'token' : 'tokens'}`;
}

export function waitingInWords({ calls, inputTokens, outputTokens, totalMs }: Usage): string {
  const shares = `${number(inputTokens)} asked, ${number(outputTokens)} answered`;
  return `${shares} · ${number(calls)} ${calls === 1 ? 'call' : 'calls'} · ${duration(totalMs)} waited for`;
}

/** What the budget leaves of today; null without a budget. */
export function budgetInWords({ today, tokensPerDay }: UsageView): string | null {
  if (tokensPerDay === null) return null;
  const left = Math.max(0, tokensPerDay - today.inputTokens - today.outputTokens);
  if (left === 0) {
    return `Your ${number(tokensPerDay)} tokens for today are used up. Your conversations are kept, and go on after midnight UTC.`;
  }
  return `${number(left)} of your ${number(tokensPerDay)} tokens for today are left.`;
}

function duration(ms: number): string {
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`;
  return ms < 3_600_000 ? `${Math.round(ms / 60_000)} min` : `${(ms / 3_600_000).toFixed(1)} h`;
}

function number(value: number): string {
  return value.toLocaleString('en-GB');
}
