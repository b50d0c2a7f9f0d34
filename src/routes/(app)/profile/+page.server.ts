import { redirect } from '@sveltejs/kit';
import { z } from 'zod';
import { changePasswordFormSchema } from '$lib/contracts/account';
import { preferenceSchemas, readPreference } from '$lib/contracts/preferences';
import { parseForm, refuse, textFields } from '../../form-reply';
import { guardPage, signedIn } from '../../signed-in';
import type { Actions, PageServerLoad } from './$types';

const sessionIdSchema = z.object({ sessionId: z.string().min(1).max(200) });
const languageFormSchema = z.object({ language: preferenceSchemas.language });

export const load: PageServerLoad = async ({ locals, url }) => {
  const { actor, session } = guardPage(locals, url);
  const [sessions, stored] = await Promise.all([
    locals.services.session.list(actor, session),
    locals.services.preferences.all(actor),
  ]);
  return { sessions, language: readPreference(stored, 'language', 'auto') };
};

export const actions: Actions = {
  password: async ({ locals, request }) => {
    const form = await request.formData();
    try {
      const { actor, session } = signedIn(locals);
      const { currentPassword, password } = parseForm(changePasswordFormSchema, textFields(form));
      const input = { currentPassword, password };
      locals.setSession(await locals.services.session.changePassword(actor, session, input));
      return { done: 'password' as const };
    } catch (error) {
      return refuse(error, form, locals.requestId);
    }
  },
  language: async ({ locals, request }) => {
    const form = await request.formData();
    try {
      const { actor } = signedIn(locals);
      const { language } = parseForm(languageFormSchema, textFields(form));
      await locals.services.preferences.set(actor, 'language', language);
      return { done: 'language' as const };
    } catch (error) {
      return refuse(error, form, locals.requestId);
    }
  },
  end: async ({ locals, request }) => {
    const form = await request.formData();
    try {
      const { actor } = signedIn(locals);
      const { sessionId } = parseForm(sessionIdSchema, textFields(form));
      await locals.services.session.end(actor, sessionId);
      return { done: 'session' as const };
    } catch (error) {
      return refuse(error, form, locals.requestId);
    }
  },
  everywhere: async ({ locals }) => {
    if (locals.actor) await locals.services.session.signOutEverywhere(locals.actor);
    locals.setSession(null);
    redirect(303, '/sign-in?because=signed_out');
  },
};
