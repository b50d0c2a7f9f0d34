import { z } from 'zod';
import { readJson, reply } from '../../json-reply';
import { signedIn } from '../../signed-in';
import type { RequestHandler } from './$types';

/** Slides the session while the person is active; the page asks at most once a minute. 401 when it is over. */
export const POST: RequestHandler = ({ locals, request }) =>
  reply(locals.requestId, async () => {
    const { session } = signedIn(locals);
    await readJson(request, z.object({}));
    const cookie = await locals.services.session.renew(session);
    locals.setSession(cookie);
    return { expiresAt: cookie.expiresAt, absoluteExpiresAt: session.absoluteExpiresAt, now: Date.now() };
  });
