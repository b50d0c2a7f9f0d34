import { redirect } from '@sveltejs/kit';
import { z } from 'zod';
import { changePasswordFormSchema, eraseFormSchema } from '$lib/contracts/account';
import { apiKeyFormSchema } from '$lib/contracts/api-key';
import { readPreference } from '$lib/contracts/preferences';
import { parseForm } from '../../form-reply';
import { guardPage } from '../../signed-in';
import { formAction } from '../form-action';
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
  password: formAction(async ({ actor, session, fields, locals }) => {
    const { currentPassword, password } = parseForm(changePasswordFormSchema, fields);
    const input = { currentPassword, password };
    locals.setSession(await locals.services.session.changePassword(actor, session, input));
    return { done: 'password' as const };
  }),
  language: formAction(async (submission) => {
    await keepStoryLanguage(submission);
    return { done: 'language' as const };
  }),
  end: formAction(async ({ actor, fields, locals }) => {
    const { sessionId } = parseForm(sessionIdSchema, fields);
    await locals.services.session.end(actor, sessionId);
    return { done: 'session' as const };
  }),
  createKey: formAction(async ({ actor, fields, locals }) => {
    const { text } = await locals.services.apiKeys.create(actor, parseForm(apiKeyFormSchema, fields));
    return { done: 'api_key' as const, madeKey: text };
  }),
  revokeKey: formAction(async ({ actor, fields, locals }) => {
    const { keyId } = parseForm(keyIdSchema, fields);
    await locals.services.apiKeys.revoke(actor, keyId);
    return { done: 'api_key_revoked' as const };
  }),
  erase: formAction(async ({ actor, fields, locals }) => {
    const { erasePassword } = parseForm(eraseFormSchema, fields);
    await locals.services.ownData.erase(actor, { currentPassword: erasePassword });
    locals.setSession(null);
    redirect(303, '/sign-in?because=erased');
  }),
  everywhere: async ({ locals }) => {
    if (locals.actor) await locals.services.session.signOutEverywhere(locals.actor);
    locals.setSession(null);
    redirect(303, '/sign-in?because=signed_out');
  },
};
