import { formAction } from '../../form-action';
import { administered } from '../administered';
import { policiesOf } from './policy-form';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = ({ locals, url }) =>
  administered(locals, url, async (actor) => ({
    rules: await locals.services.administration.bypass.list(actor),
  }));

export const actions: Actions = {
  save: formAction(({ actor, form, locals }) =>
    locals.services.administration.bypass.save(actor, policiesOf(form)),
  ),
};
