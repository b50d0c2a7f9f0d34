import { ruleDefaultsSchema, type RuleSettings } from '../../contracts/config/config-file.ts';

/** The preference that keeps a person's own rule settings. */
export const rulesPreference = 'rules';

/**
 * The settings that a person changed for themselves. Each key is parsed alone: one that no longer fits (an older
 * version wrote it) falls back to the shared value and takes no other with it.
 */
export function readOwnRules(stored: unknown): Partial<RuleSettings> {
  if (typeof stored !== 'object' || stored === null) return {};
  const own: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(stored)) {
    if (!Object.hasOwn(ruleDefaultsSchema.shape, key) || value === undefined) continue;
    const parsed = ruleDefaultsSchema.shape[key as keyof RuleSettings].safeParse(value);
    if (parsed.success) own[key] = parsed.data;
  }
  return own as Partial<RuleSettings>;
}

export function effectiveRules(shared: RuleSettings, own: Partial<RuleSettings>): RuleSettings {
  return { ...shared, ...own };
}
