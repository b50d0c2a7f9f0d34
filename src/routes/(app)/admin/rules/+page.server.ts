import { readForm, refuse } from '../../../form-reply';
import { signedIn } from '../../../signed-in';
import { administered } from '../administered';
import { policiesOf } from './policy-form';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = ({ locals, url }) =>
  administered(locals, url, async (actor) => ({
    rules: await locals.services.administration.bypass.list(actor),
  }));

export const actions: Actions = {
  save: async ({ locals, request }) => {
    const form = await readForm(request, locals);
    try {
      const { actor } = signedIn(locals);
      return await locals.services.administration.bypass.save(actor, policiesOf(form));
    } catch (error) {
      return refuse(error, form, locals.requestId);
    }
  },
};
