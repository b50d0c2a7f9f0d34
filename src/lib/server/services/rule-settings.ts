import { ruleDefaultsSchema, type RuleSettings } from '../../contracts/config/config-file.ts';

/** The preference that keeps a person's own rule settings. */
export const rulesPreference = 'rules';

/** The schema of one rule setting; undefined for a name that is none, such as one that every object has. */
export function settingSchema(name: string) {
  if (!Object.hasOwn(ruleDefaultsSchema.shape, name)) return undefined;
  return ruleDefaultsSchema.shape[name as keyof RuleSettings];
}

/**
 * The settings that a person changed for themselves. Each key is parsed alone: one that no longer fits (an older
 * version wrote it) falls back to the shared value and takes no other with it.
 */
export function readOwnRules(stored: unknown): Partial<RuleSettings> {
  if (typeof stored !== 'object' || stored === null) return {};
  const own: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(stored)) {
    if (value === undefined) continue;
    const parsed = settingSchema(key)?.safeParse(value);
    if (parsed?.success) own[key] = parsed.data;
  }
  return own as Partial<RuleSettings>;
}

export function effectiveRules(shared: RuleSettings, own: Partial<RuleSettings>): RuleSettings {
  return { ...shared, ...own };
}
