import { z } from 'zod';
import { customPromptSchema, storyFormatSchema } from './config/template-files.ts';

const OWN_ID_PREFIX = 'my-';
const MOST_SECTIONS = 12;

/** Told apart from the ids of prompts.json by how it begins. */
export const ownTextIdSchema = z.string().regex(new RegExp(`^${OWN_ID_PREFIX}[a-z0-9-]{1,40}$`));

const name = z.string().trim().min(1, 'Give it a name.').max(60, 'A name has at most 60 characters.');
const text = z
  .string()
  .trim()
  .min(1, 'Write what the model is told.')
  .max(4_000, 'This has at most 4,000 characters.');

/** A format that a person writes for themself: as in prompts.json, but with something in each part. */
export const ownFormatSchema = storyFormatSchema
  .omit({ id: true })
  .extend({
    name,
    instructions: text,
    sections: z
      .array(z.string().trim().min(1).max(60, 'A section’s name has at most 60 characters.'))
      .max(MOST_SECTIONS, `A format has at most ${MOST_SECTIONS} sections.`),
  })
  .refine(({ kind, sections }) => kind !== 'custom' || sections.length > 0, {
    path: ['sections'],
    message: 'A format of the kind “custom” needs its sections.',
  })
  .transform((format) => ({ ...format, sections: format.kind === 'custom' ? format.sections : [] }));
export type OwnFormat = z.output<typeof ownFormatSchema>;

export const ownPromptSchema = customPromptSchema.omit({ id: true }).extend({ name, text });
export type OwnPrompt = z.output<typeof ownPromptSchema>;

export function isOwnText({ id }: { id: string }): boolean {
  return id.startsWith(OWN_ID_PREFIX);
}

/** The id of a new one, from an id that is unique. */
export function ownTextId(unique: string): string {
  return `${OWN_ID_PREFIX}${unique.toLowerCase()}`;
}
