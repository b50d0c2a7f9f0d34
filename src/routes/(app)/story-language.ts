import { z } from 'zod';
import { preferenceSchemas } from '$lib/contracts/preferences';
import { parseForm, textFields } from '../form-reply';
import { signedIn } from '../signed-in';

const languageFormSchema = z.object({ language: preferenceSchemas.language });

/** Keeps the language that stories are written in: two pages have its form. Throws `form_invalid`. */
export async function keepStoryLanguage(locals: App.Locals, form: FormData): Promise<void> {
  const { actor } = signedIn(locals);
  const { language } = parseForm(languageFormSchema, textFields(form));
  await locals.services.preferences.set(actor, 'language', language);
}
