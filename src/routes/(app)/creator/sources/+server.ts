import { z } from 'zod';
import { parseForm } from '../../../form-reply';
import { reply } from '../../../json-reply';
import { signedIn } from '../../../signed-in';
import type { RequestHandler } from './$types';

const querySchema = z.object({ search: z.string().trim().min(1).max(100) });

/** Pages and issues that a message may point at: `?search=` words of their title. */
export const GET: RequestHandler = ({ locals, url }) =>
  reply(locals.requestId, async () => {
    const { actor } = signedIn(locals);
    const { search } = parseForm(querySchema, Object.fromEntries(url.searchParams));
    return locals.services.workspace.findSources(actor, search);
  });
