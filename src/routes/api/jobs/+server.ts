import { reply } from '../../json-reply';
import { signedIn } from '../../signed-in';
import type { RequestHandler } from './$types';

/** The person's own jobs, newest first. */
export const GET: RequestHandler = ({ locals }) =>
  reply(locals.requestId, async () => ({ jobs: await locals.services.jobs.list(signedIn(locals).actor) }));
