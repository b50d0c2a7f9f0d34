import { refuse } from '../../form-reply';
import { guardPage, signedIn } from '../../signed-in';
import { readOwnRuleForm } from './rule-form';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url }) => {
  const { actor } = guardPage(locals, url);
  const { workspace } = locals.services;
  const [rules, formats, prompts] = await Promise.all([
    workspace.rules(actor),
    workspace.formats(actor),
    workspace.prompts(actor),
  ]);
  return { ...rules, formats, prompts };
};

export const actions: Actions = {
  save: async ({ locals, request }) => {
    const form = await request.formData();
    try {
      const { actor } = signedIn(locals);
      const { shared } = await locals.services.workspace.rules(actor);
      await locals.services.workspace.saveRules(actor, readOwnRuleForm(form, shared));
      return { done: 'saved' as const };
    } catch (error) {
      return refuse(error, form, locals.requestId);
    }
  },
  reset: async ({ locals, request }) => {
    const form = await request.formData();
    try {
      await locals.services.workspace.saveRules(signedIn(locals).actor, {});
      return { done: 'reset' as const };
    } catch (error) {
      return refuse(error, form, locals.requestId);
    }
  },
};
