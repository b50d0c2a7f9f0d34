import { modelIsSetUp } from '$lib/contracts/connection';
import { administered } from './administered';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = ({ locals, url, depends }) => {
  depends('app:installation');
  return administered(locals, url, async (actor) => ({
    status: await locals.services.administration.installation.status(actor),
    // The check asks the model with the administrator's own credential.
    canCheckModel: modelIsSetUp(await locals.services.configuration.views(actor)),
  }));
};
