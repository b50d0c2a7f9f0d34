import { z } from 'zod';
import { preferenceSchemas } from '$lib/contracts/preferences';
import { parseForm } from '../form-reply';
import type { Submission } from './form-action';

const languageFormSchema = z.object({ language: preferenceSchemas.language });

/** Keeps the language that stories are written in: two pages have its form. Throws `form_invalid`. */
export async function keepStoryLanguage({ actor, fields, locals }: Submission): Promise<void> {
  const { language } = parseForm(languageFormSchema, fields);
  await locals.services.preferences.set(actor, 'language', language);
}
