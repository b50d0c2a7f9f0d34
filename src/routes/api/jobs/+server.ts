import { jobPageSchema } from '$lib/contracts/job';
import { parseForm } from '../../form-reply';
import { reply } from '../../json-reply';
import { signedIn } from '../../signed-in';
import type { RequestHandler } from './$types';

/**
 * The person's own jobs, newest first, at most `limit` of them. `older` is what to send as `before` for the next page;
 * null on the last one.
 */
export const GET: RequestHandler = ({ locals, url }) =>
  reply(locals.requestId, async () => {
    const { actor } = signedIn(locals);
    const { limit, before } = parseForm(jobPageSchema, Object.fromEntries(url.searchParams));
    const jobs = await locals.services.jobs.list(actor, { limit, before });
    return { jobs, older: jobs.length === limit ? (jobs.at(-1)?.id ?? null) : null };
  });
