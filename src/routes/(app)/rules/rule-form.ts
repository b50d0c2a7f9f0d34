import { ruleDefaultsSchema, type RuleSettings } from '$lib/contracts/config/config-file';
import { whatItTakes, type SettingField } from '$lib/contracts/settings-fields';
import { InvalidError } from '$lib/server/errors/app-error';

/**
 * The settings that the form holds, with the pattern rules, which have a form of their own. Throws with a sentence
 * beside each field.
 */
export function readRuleForm(
  form: FormData,
  fields: readonly SettingField[],
  patterns: RuleSettings['patterns'],
): RuleSettings {
  const typed = Object.fromEntries(fields.map((field) => [field.name, typedIn(form, field)]));
  const parsed = ruleDefaultsSchema.safeParse({ ...typed, patterns });
  if (parsed.success) return parsed.data;
  const refused = new Set(parsed.error.issues.map(({ path }) => path[0]));
  const sentences = fields
    .filter(({ name }) => refused.has(name))
    .map((field) => [field.name, whatItTakes(field)]);
  throw new InvalidError('rules_invalid', 'Some settings cannot be used. Nothing was saved.', {
    fields: Object.fromEntries(sentences),
  });
}

function typedIn(form: FormData, { name, kind }: SettingField): unknown {
  const text = String(form.get(name) ?? '').trim();
  switch (kind) {
    case 'number':
      return text === '' ? Number.NaN : Number(text);
    case 'boolean':
      return form.has(name);
    case 'choice':
      return text;
    case 'choices':
      return form.getAll(name);
    case 'scale':
      return words(text, /[\s,;]+/).map(Number);
    case 'words':
      return words(text, /\n/);
  }
}

function words(text: string, separator: RegExp): string[] {
  return text
    .split(separator)
    .map((word) => word.trim())
    .filter((word) => word !== '');
}
