import { reply } from '../../json-reply';
import { signedIn } from '../../signed-in';
import type { RequestHandler } from './$types';

/** How the session stands, without prolonging it: a page with no channel asks now and then. 401 when it is over. */
export const GET: RequestHandler = ({ locals }) =>
  reply(locals.requestId, async () => {
    const { expiresAt, absoluteExpiresAt } = signedIn(locals).session;
    return { expiresAt, absoluteExpiresAt, now: Date.now() };
  });
