import { z } from 'zod';
import { parseForm } from '../../../../../../form-reply';
import { reply } from '../../../../../../json-reply';
import { signedIn } from '../../../../../../signed-in';
import type { RequestHandler } from './$types';

const querySchema = z.object({
  before: z.coerce.number().int('A version is a whole number.').min(1).nullable().default(null),
});

/** The versions of a story, newest first; `?before=7` gives those before the seventh. */
export const GET: RequestHandler = ({ locals, params, url }) =>
  reply(locals.requestId, async () => {
    const { actor } = signedIn(locals);
    const { before } = parseForm(querySchema, Object.fromEntries(url.searchParams));
    return locals.services.conversations.draftVersions(actor, params.id, params.draftId, before);
  });
