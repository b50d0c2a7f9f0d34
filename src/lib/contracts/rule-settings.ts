import { z } from 'zod';

/**
 * What can be set of each rule: one shape a rule, which the rule names as its `settings`. Title, description, unit and
 * limits are all that the rules page needs to draw the fields; see settings-fields.ts for the kinds that it knows.
 */

export const storyPointsSettings = z.strictObject({
  maxStoryPoints: z
    .number()
    .min(1)
    .max(100)
    .default(3)
    .meta({ title: 'Most story points', description: 'Stories above it are split.' }),
  pointScale: z
    .array(z.number().min(0))
    .min(1)
    .default([0, 0.5, 1, 2, 3, 5, 8, 13, 21])
    .meta({ title: 'Scale of story points', description: 'Allowed story points.' }),
});

export const requiredSectionsSettings = z.strictObject({
  requiredSections: z
    .array(z.enum(['acceptance_criteria', 'stlc_notes', 'description']))
    .default(['acceptance_criteria', 'stlc_notes'])
    .meta({
      title: 'Required sections',
      description: 'Parts that no story may lack.',
      labels: {
        acceptance_criteria: 'Acceptance criteria',
        stlc_notes: 'STLC notes (how it is tested)',
        description: 'Description',
      },
    }),
});

export const summaryLengthSettings = z.strictObject({
  summaryMaxCharacters: z
    .number()
    .int()
    .min(20)
    .max(255)
    .default(150)
    .meta({ title: 'Longest summary', description: 'In characters. Jira takes at most 255.' }),
});

export const minimumCriteriaSettings = z.strictObject({
  minCriteria: z
    .number()
    .int()
    .min(0)
    .max(20)
    .default(2)
    .meta({ title: 'Fewest acceptance criteria', description: 'How many a story needs to be checkable.' }),
});

export const descriptionLengthSettings = z.strictObject({
  descriptionMaxCharacters: z
    .number()
    .int()
    .min(200)
    .max(30_000)
    .default(4_000)
    .meta({ title: 'Longest description', description: 'In characters.' }),
});

export const bannedWordsSettings = z.strictObject({
  bannedWords: z
    .array(z.string().min(1))
    .default([])
    .meta({ title: 'Banned words', description: 'Words and phrases that no story may hold.' }),
});

/** What is no matter of one rule: how the agent deals with what breaks any of them. */
export const repairSettings = z.strictObject({
  repairAttempts: z.number().int().min(0).max(2).default(2).meta({
    title: 'Repairs by itself',
    description: 'How often the model is asked to mend a violation.',
  }),
});
