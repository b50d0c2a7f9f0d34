import { ruleDefaultsSchema, type RuleSettings } from '$lib/contracts/config/config-file';
import { InvalidError } from '$lib/server/errors/app-error';

/** What to say where a value is refused; the limits themselves stand in the contract. */
const sentences: Record<keyof RuleSettings, string> = {
  maxStoryPoints: 'Type a number from 1 to 100.',
  pointScale: 'Type numbers, with spaces or commas between them: 1, 2, 3, 5, 8.',
  requiredSections: 'Choose from the parts that a story has.',
  summaryMaxCharacters: 'Type a whole number from 20 to 255: Jira takes no longer summary.',
  minCriteria: 'Type a whole number from 0 to 20.',
  descriptionMaxCharacters: 'Type a whole number from 200 to 30,000.',
  bannedWords: 'Write one word or phrase a line.',
  patterns: 'These rules have a form of their own.',
  repairAttempts: 'Type 0, 1 or 2.',
};

/**
 * The settings of the form that differ from the shared ones: those alone are kept, so that a later change of the
 * shared values still reaches everybody who never differed. Throws with a sentence beside each field.
 */
export function readOwnRuleForm(
  form: FormData,
  shared: RuleSettings,
  patterns: RuleSettings['patterns'] = shared.patterns,
): Partial<RuleSettings> {
  const typed: Record<keyof RuleSettings, unknown> = {
    maxStoryPoints: numberIn(form, 'maxStoryPoints'),
    pointScale: words(form, 'pointScale', /[\s,;]+/).map(Number),
    requiredSections: form.getAll('requiredSections'),
    summaryMaxCharacters: numberIn(form, 'summaryMaxCharacters'),
    minCriteria: numberIn(form, 'minCriteria'),
    descriptionMaxCharacters: numberIn(form, 'descriptionMaxCharacters'),
    bannedWords: words(form, 'bannedWords', /\n/),
    // They are changed one by one, in a form of their own.
    patterns,
    repairAttempts: numberIn(form, 'repairAttempts'),
  };
  const parsed = ruleDefaultsSchema.safeParse(typed);
  if (!parsed.success) {
    const refused = parsed.error.issues.map(({ path }) => path[0] as keyof RuleSettings);
    throw new InvalidError('rules_invalid', 'Some settings cannot be used. Nothing was saved.', {
      fields: Object.fromEntries(refused.map((field) => [field, sentences[field]])),
    });
  }
  const differing = Object.entries(parsed.data).filter(
    ([key, value]) => JSON.stringify(value) !== JSON.stringify(shared[key as keyof RuleSettings]),
  );
  return Object.fromEntries(differing);
}

function numberIn(form: FormData, name: string): number {
  const text = String(form.get(name) ?? '').trim();
  return text === '' ? Number.NaN : Number(text);
}

function words(form: FormData, name: string, separator: RegExp): string[] {
  return String(form.get(name) ?? '')
    .split(separator)
    .map((word) => word.trim())
    .filter((word) => word !== '');
}
