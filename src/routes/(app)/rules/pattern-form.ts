import { patternRuleSchema, patternRulesFileSchema, type PatternRule } from '$lib/contracts/pattern-rule';
import { InvalidError } from '$lib/server/errors/app-error';
import { parseForm, textFields } from '../../form-reply';

/** Largest file that is taken: far more than 20 rules need. */
const MOST_BYTES = 65_536;

/** The rule that was typed. Throws with a sentence beside each field. */
export function readPatternForm(form: FormData): PatternRule {
  const { name, field, expect, pattern, message } = textFields(form);
  return parseForm(patternRuleSchema, { name, field, expect, pattern, message });
}

/** The rules of an exported file. */
export async function readPatternFile(form: FormData): Promise<PatternRule[]> {
  const file = form.get('file');
  if (!(file instanceof File) || file.size === 0) throw unreadable('Choose a file first.');
  if (file.size > MOST_BYTES) throw unreadable('This file is larger than any set of rules.');
  const parsed = patternRulesFileSchema.safeParse(jsonOf(await file.text()));
  if (parsed.success) return parsed.data.patterns;
  const [issue] = parsed.error.issues;
  throw unreadable(`This file cannot be used: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`.trim());
}

/** The rules with `added` among them; one of the same name is replaced. */
export function withPatterns(patterns: readonly PatternRule[], added: readonly PatternRule[]): PatternRule[] {
  const names = new Set(added.map(({ name }) => name.toLowerCase()));
  return [...patterns.filter(({ name }) => !names.has(name.toLowerCase())), ...added];
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function unreadable(sentence: string): InvalidError {
  return new InvalidError('rules_file_invalid', sentence, { hint: 'Nothing was changed.' });
}
