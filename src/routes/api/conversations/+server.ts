import { z } from 'zod';
import { parseForm } from '../../form-reply';
import { reply } from '../../json-reply';
import { signedIn } from '../../signed-in';
import type { RequestHandler } from './$types';

const querySchema = z.object({
  search: z.string().trim().max(200).optional(),
  archived: z
    .enum(['true', 'false'])
    .transform((told) => told === 'true')
    .default(false),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

/** The person's conversations, the newest first: `?search=`, `?archived=true`, `?limit=`. */
export const GET: RequestHandler = ({ locals, url }) =>
  reply(locals.requestId, async () => {
    const { actor } = signedIn(locals);
    const filter = parseForm(querySchema, Object.fromEntries(url.searchParams));
    return { conversations: await locals.services.conversations.list(actor, filter) };
  });
