import { error } from '@sveltejs/kit';
import { toError } from '$lib/server/errors/to-http';
import type { Actor } from '$lib/server/services/services';
import { guardPage } from '../../signed-in';

/**
 * What an administrator's page shows. Whoever is none gets the error page of an address that is not there: the services
 * refuse them, and every load asks one, since SvelteKit runs the loads of a page and of its layouts side by side.
 */
export async function administered<T>(
  locals: App.Locals,
  url: URL,
  ask: (actor: Actor) => Promise<T>,
): Promise<T> {
  const { actor } = guardPage(locals, url);
  try {
    return await ask(actor);
  } catch (caught) {
    const { status, problem } = toError(caught, locals.requestId);
    error(status, problem);
  }
}
