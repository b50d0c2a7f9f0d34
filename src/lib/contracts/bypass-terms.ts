/** Who may set a broken rule aside for one story. Administrators are among `named` people and `everybody`. */
export const bypassers = ['nobody', 'administrators', 'named', 'everybody'] as const;
export type Bypassers = (typeof bypassers)[number];

/** One entry stands for all rules that people write as patterns: these come and go. */
export const patternsPolicyKey = 'patterns';

/** Under which key the policy of a rule is kept. */
export function bypassPolicyKey(ruleId: string): string {
  return ruleId.startsWith('pattern:') ? patternsPolicyKey : ruleId;
}

/** What one person may do about each rule, by policy key; a key that is absent may not be set aside. */
export type BypassTerms = Record<string, { reasonRequired: boolean }>;

/** The least that counts as a reason where one is required. */
export const REASON_MIN_CHARACTERS = 3;
