import { patternsPolicyKey } from '../../contracts/bypass-terms.ts';
import type { RuleSettings } from '../../contracts/config/config-file.ts';
import { repairSettings } from '../../contracts/rule-settings.ts';
import { settingFields, type SettingGroup } from '../../contracts/settings-fields.ts';
import type { RuleResult, StoryContent } from '../../contracts/story.ts';
import { bannedWords } from './banned-words.ts';
import { descriptionLength } from './description-length.ts';
import { minimumCriteria } from './minimum-criteria.ts';
import { patternRules } from './pattern-rules.ts';
import { requiredSections } from './required-sections.ts';
import type { Finding, Rule, RuleSubject } from './rule.ts';
import { singleProject } from './single-project.ts';
import { storyPoints } from './story-points.ts';
import { summaryLength } from './summary-length.ts';

export { bypass, keepBypasses } from './bypass.ts';

/** The rules that are part of the product, in the order of the marks on a card. A new rule is a file and a line here. */
export const builtIn: readonly Rule[] = [
  storyPoints,
  requiredSections,
  summaryLength,
  minimumCriteria,
  descriptionLength,
  bannedWords,
  singleProject,
];

/** Every rule that counts under these settings. */
export function rulesOf(settings: RuleSettings): Rule[] {
  return [...builtIn, ...patternRules(settings.patterns)];
}

/** What can be set aside for a story: each rule of the product, and as one those that people write as patterns. */
export function bypassableRules(): { key: string; name: string }[] {
  return [
    ...builtIn.map(({ id, name }) => ({ key: id, name })),
    { key: patternsPolicyKey, name: 'Rules written as patterns' },
  ];
}

/** What can be set, group by group, as a page can draw it: each rule's own, then how violations are dealt with. */
export function ruleSettingGroups(rules: readonly Rule[] = builtIn): SettingGroup[] {
  const ofRules = rules.flatMap(({ id, name, settings }) =>
    settings ? [{ id, name, fields: settingFields(settings) }] : [],
  );
  return [...ofRules, { id: 'repair', name: 'Mending', fields: settingFields(repairSettings) }];
}

/** Each rule's word on a story. Pure and quick: it runs on every edit. */
export function checkRules(
  content: StoryContent,
  settings: RuleSettings,
  place: { projectKey?: string | null; isChild?: boolean; sections?: readonly string[] } = {},
): RuleResult[] {
  const subject = {
    content,
    settings,
    projectKey: place.projectKey ?? null,
    isChild: place.isChild ?? false,
    sections: place.sections ?? [],
  };
  return rulesOf(settings).map((rule) => resultOf(rule, rule.check(subject)));
}

/** The violations of a story that asking the model again can mend. */
export function mendableViolations(subject: RuleSubject): RuleResult[] {
  return violations(subject, 'model');
}

/** Whether a story has more points than one may have. */
export function isTooBig(subject: RuleSubject): boolean {
  return violations(subject, 'split').length > 0;
}

function violations(subject: RuleSubject, mend: 'model' | 'split'): RuleResult[] {
  return rulesOf(subject.settings).flatMap((rule) => {
    const finding = rule.check(subject);
    return finding.outcome === 'violation' && finding.mend === mend ? [resultOf(rule, finding)] : [];
  });
}

function resultOf({ id, name }: Rule, finding: Finding): RuleResult {
  const result = { ruleId: id, name, outcome: finding.outcome, mark: finding.mark };
  return finding.outcome === 'ok' ? result : { ...result, field: finding.field, message: finding.message };
}
