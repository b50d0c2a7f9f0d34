import { redirect } from '@sveltejs/kit';
import { z } from 'zod';
import { changePasswordFormSchema, eraseFormSchema } from '$lib/contracts/account';
import { apiKeyFormSchema } from '$lib/contracts/api-key';
import { readPreference } from '$lib/contracts/preferences';
import { parseForm, readForm, refuse, textFields } from '../../form-reply';
import { guardPage, signedIn } from '../../signed-in';
import { keepStoryLanguage } from '../story-language';
import type { Actions, PageServerLoad } from './$types';

const sessionIdSchema = z.object({ sessionId: z.string().min(1).max(200) });
const keyIdSchema = z.object({ keyId: z.string().min(1).max(64) });

export const load: PageServerLoad = async ({ locals, url }) => {
  const { actor, session } = guardPage(locals, url);
  const { usage } = locals.services;
  const [sessions, stored, apiKeys, ownUsage, allUsage] = await Promise.all([
    locals.services.session.list(actor, session),
    locals.services.preferences.all(actor),
    locals.services.apiKeys.list(actor),
    usage.mine(actor),
    actor.role === 'administrator' ? usage.everybody(actor) : null,
  ]);
  const language = readPreference(stored, 'language', 'auto');
  return { sessions, language, apiKeys, ownUsage, allUsage };
};

export const actions: Actions = {
  password: async ({ locals, request }) => {
    const form = await readForm(request, locals);
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
    const form = await readForm(request, locals);
    try {
      await keepStoryLanguage(locals, form);
      return { done: 'language' as const };
    } catch (error) {
      return refuse(error, form, locals.requestId);
    }
  },
  end: async ({ locals, request }) => {
    const form = await readForm(request, locals);
    try {
      const { actor } = signedIn(locals);
      const { sessionId } = parseForm(sessionIdSchema, textFields(form));
      await locals.services.session.end(actor, sessionId);
      return { done: 'session' as const };
    } catch (error) {
      return refuse(error, form, locals.requestId);
    }
  },
  createKey: async ({ locals, request }) => {
    const form = await readForm(request, locals);
    try {
      const { actor } = signedIn(locals);
      const { text } = await locals.services.apiKeys.create(
        actor,
        parseForm(apiKeyFormSchema, textFields(form)),
      );
      return { done: 'api_key' as const, madeKey: text };
    } catch (error) {
      return refuse(error, form, locals.requestId);
    }
  },
  revokeKey: async ({ locals, request }) => {
    const form = await readForm(request, locals);
    try {
      const { actor } = signedIn(locals);
      const { keyId } = parseForm(keyIdSchema, textFields(form));
      await locals.services.apiKeys.revoke(actor, keyId);
      return { done: 'api_key_revoked' as const };
    } catch (error) {
      return refuse(error, form, locals.requestId);
    }
  },
  erase: async ({ locals, request }) => {
    const form = await readForm(request, locals);
    try {
      const { actor } = signedIn(locals);
      const { erasePassword } = parseForm(eraseFormSchema, textFields(form));
      await locals.services.ownData.erase(actor, { currentPassword: erasePassword });
    } catch (error) {
      return refuse(error, form, locals.requestId);
    }
    locals.setSession(null);
    redirect(303, '/sign-in?because=erased');
  },
  everywhere: async ({ locals }) => {
    if (locals.actor) await locals.services.session.signOutEverywhere(locals.actor);
    locals.setSession(null);
    redirect(303, '/sign-in?because=signed_out');
  },
};
