import { z } from 'zod';

export const patternFields = [
  'summary',
  'description',
  'acceptance_criteria',
  'stlc_notes',
  'labels',
] as const;

/** A rule that a team writes by itself: one part of a story must, or must not, match a regular expression. */
export const patternRuleSchema = z.strictObject({
  name: z.string().trim().min(1).max(60).describe('Shown on the card; each name once.'),
  field: z.enum(patternFields).describe('The part of the story that is looked at.'),
  expect: z
    .enum(['match', 'no_match'])
    .describe('match: the part must hold the pattern. no_match: it must not.'),
  pattern: z
    .string()
    .min(1)
    .max(200)
    .refine(isPattern, 'This is not a regular expression.')
    .describe('A JavaScript regular expression; upper and lower case count the same.'),
  message: z.string().trim().min(1).max(300).describe('What is wrong and how to mend it.'),
});
export type PatternRule = z.infer<typeof patternRuleSchema>;

/** Pattern rules that one person keeps at most. */
export const patternRulesMax = 20;

export const patternRulesSchema = z
  .array(patternRuleSchema)
  .max(patternRulesMax)
  .refine((rules) => new Set(rules.map(({ name }) => name.toLowerCase())).size === rules.length, {
    message: 'Two rules have the same name.',
  });

/** For export and import between people and teams. */
export const patternRulesFileSchema = z.strictObject({
  backlogueRules: z.literal(1),
  patterns: patternRulesSchema,
});

function isPattern(text: string): boolean {
  try {
    return Boolean(new RegExp(text, 'iu'));
  } catch {
    return false;
  }
}
