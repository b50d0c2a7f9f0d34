import { refuse } from '../../form-reply';
import { signedIn } from '../../signed-in';
import { readOwnRuleForm } from './rule-form';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals }) => {
  const { actor } = signedIn(locals);
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
    const { actor } = signedIn(locals);
    const form = await request.formData();
    try {
      const { shared } = await locals.services.workspace.rules(actor);
      await locals.services.workspace.saveRules(actor, readOwnRuleForm(form, shared));
      return { done: 'saved' as const };
    } catch (error) {
      return refuse(error, form, locals.requestId);
    }
  },
  reset: async ({ locals }) => {
    await locals.services.workspace.saveRules(signedIn(locals).actor, {});
    return { done: 'reset' as const };
  },
};
