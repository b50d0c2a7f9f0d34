import type { Actor } from '$lib/server/services/services';
import { administered } from './administered';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = ({ locals, url, depends }) => {
  depends('app:installation');
  return administered(locals, url, async (actor) => ({
    status: await locals.services.administration.installation.status(actor),
    canCheckModel: await hasModel(locals, actor),
  }));
};

/** The check asks the model with the administrator's own credential. */
async function hasModel({ services }: App.Locals, actor: Actor): Promise<boolean> {
  const views = await services.configuration.views(actor);
  return views.some(({ kind, hasSecret, lastTest }) => kind === 'llm' && (hasSecret || lastTest !== null));
}
