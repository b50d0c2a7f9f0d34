import { patternRuleSchema, type PatternRule } from '$lib/contracts/pattern-rule';
import { parseForm, textFields } from '../../form-reply';

/** The rule that was typed. Throws with a sentence beside each field. */
export function readPatternForm(form: FormData): PatternRule {
  const { name, field, expect, pattern, message } = textFields(form);
  return parseForm(patternRuleSchema, { name, field, expect, pattern, message });
}
