import type { RuleSettings } from '$lib/contracts/config/config-file';
import type { SettingGroup } from '$lib/contracts/settings-fields';

/** The rules as they hold for a person, and what can be set of them. */
export interface RulesInForce {
  groups: SettingGroup[];
  shared: RuleSettings;
  /** What the person set otherwise. */
  own: Partial<RuleSettings>;
  effective: RuleSettings;
}
