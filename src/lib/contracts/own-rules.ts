import type { RuleSettings } from './config/config-file.ts';
import type { PatternRule } from './pattern-rule.ts';

/**
 * The settings that differ from the shared ones: those alone are kept, so that a later change of the shared values
 * still reaches everybody who never differed.
 */
export function ownSettings(settings: RuleSettings, shared: RuleSettings): Partial<RuleSettings> {
  const differing = Object.entries(settings).filter(
    ([key, value]) => JSON.stringify(value) !== JSON.stringify(shared[key as keyof RuleSettings]),
  );
  return Object.fromEntries(differing);
}

/** The pattern rules with `added` among them; one of the same name is replaced. */
export function withPatterns(patterns: readonly PatternRule[], added: readonly PatternRule[]): PatternRule[] {
  const names = new Set(added.map(({ name }) => name.toLowerCase()));
  return [...patterns.filter(({ name }) => !names.has(name.toLowerCase())), ...added];
}
