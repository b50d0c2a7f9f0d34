import type { RuleSettings } from '../../../contracts/config/config-file.ts';
import { withPatterns } from '../../../contracts/own-rules.ts';
import {
  patternRulesMax,
  patternRulesSchema,
  patternRuleSchema,
  type PatternRule,
} from '../../../contracts/pattern-rule.ts';
import { toldSetting, whatItTakes } from '../../../contracts/settings-fields.ts';
import type { WritingChange, WritingRefusal } from '../../../contracts/writing-file.ts';
import { settingSchema } from '../rule-settings.ts';
import { firstSentence, nameIn, placeInFile } from './entry-words.ts';
import type { CurrentWriting } from './plan-import.ts';

interface PlannedRules {
  changes: WritingChange[];
  refusals: WritingRefusal[];
  unchanged: number;
  /** All settings as they hold afterwards. */
  settings: RuleSettings;
}

/** Settings that the file names take its values; pattern rules are added, one of the same name replaced. */
export function planRules(
  { patterns = [], ...rules }: Record<string, unknown>,
  current: Pick<CurrentWriting, 'effective' | 'fields'>,
): PlannedRules {
  const { effective, fields } = current;
  const changes: WritingChange[] = [];
  const refusals: WritingRefusal[] = [];
  const taken: Record<string, unknown> = {};
  let unchanged = 0;

  for (const [key, value] of Object.entries(rules)) {
    const field = fields.find(({ name }) => name === key);
    const parsed = settingSchema(key)?.safeParse(value);
    if (!field || !parsed) refusals.push({ where: `The rule “${key}”`, sentence: 'There is no such rule.' });
    else if (!parsed.success)
      refusals.push({ where: `The rule “${field.title}”`, sentence: whatItTakes(field) });
    else if (isSame(parsed.data, effective[key as keyof RuleSettings])) unchanged += 1;
    else {
      taken[key] = parsed.data;
      changes.push({
        part: 'rule',
        name: field.title,
        effect: 'replaced',
        before: toldSetting(field, effective[key as keyof RuleSettings]),
        after: toldSetting(field, parsed.data),
      });
    }
  }

  const planned = planPatterns(patterns, effective.patterns);
  return {
    changes: [...changes, ...planned.changes],
    refusals: [...refusals, ...planned.refusals],
    unchanged: unchanged + planned.unchanged,
    settings: { ...effective, ...taken, patterns: planned.patterns } as RuleSettings,
  };
}

function planPatterns(listed: unknown, current: readonly PatternRule[]) {
  const changes: WritingChange[] = [];
  const refusals: WritingRefusal[] = [];
  const taken: PatternRule[] = [];
  let unchanged = 0;
  if (!Array.isArray(listed))
    refusals.push({ where: 'The pattern rules', sentence: 'They are not a list of rules.' });

  for (const [index, entry] of (Array.isArray(listed) ? listed : []).entries()) {
    const where = placeInFile('pattern rule', index, nameIn(entry));
    const parsed = patternRuleSchema.safeParse(entry);
    if (!parsed.success) {
      refusals.push({ where, sentence: firstSentence(parsed.error) });
      continue;
    }
    const rule = parsed.data;
    const sameName = ({ name }: PatternRule) => name.toLowerCase() === rule.name.toLowerCase();
    const before = current.find(sameName);
    if (taken.some(sameName)) refusals.push({ where, sentence: 'Another one in the file has this name.' });
    else if (before && isSame(before, rule)) unchanged += 1;
    else {
      taken.push(rule);
      changes.push({ part: 'pattern', name: rule.name, effect: before ? 'replaced' : 'added' });
    }
  }

  const patterns = withPatterns(current, taken);
  const whole = patternRulesSchema.safeParse(patterns);
  if (!whole.success)
    refusals.push({
      where: 'The pattern rules',
      sentence: `With these you would have ${patterns.length}; at most ${patternRulesMax} are kept.`,
    });
  return { changes, refusals, unchanged, patterns };
}

/** Both are parsed with the same schema, which puts their keys into one order. */
function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
