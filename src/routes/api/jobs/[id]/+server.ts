import { reply } from '../../../json-reply';
import { signedIn } from '../../../signed-in';
import type { RequestHandler } from './$types';

/** One job of the person; somebody else's is 404. */
export const GET: RequestHandler = ({ locals, params }) =>
  reply(locals.requestId, async () => ({
    job: await locals.services.jobs.get(signedIn(locals).actor, params.id),
  }));
