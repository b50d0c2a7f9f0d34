import { administered } from './administered';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = ({ locals, url, depends }) => {
  depends('app:installation');
  return administered(locals, url, async (actor) => ({
    status: await locals.services.administration.installation.status(actor),
  }));
};
