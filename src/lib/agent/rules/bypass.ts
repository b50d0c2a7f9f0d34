import type { RuleResult } from '../../contracts/story.ts';

/** A bypass stays with its story for as long as the rule would be broken. */
export function keepBypasses(results: RuleResult[], before: readonly RuleResult[]): RuleResult[] {
  return results.map((result) => {
    if (result.outcome !== 'violation') return result;
    const bypassed = before.find(({ ruleId, outcome }) => ruleId === result.ruleId && outcome === 'bypassed');
    return bypassed ?? result;
  });
}

/** `reason` may be empty where the rule needs none. */
export function bypass(result: RuleResult, by: string, reason: string): RuleResult {
  const why = reason === '' ? ', who gave no reason' : `: ${reason}`;
  return { ...result, outcome: 'bypassed', message: `Set aside by ${by}${why}` };
}
