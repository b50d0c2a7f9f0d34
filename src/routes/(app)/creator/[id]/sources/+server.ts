import { z } from 'zod';
import { sourceMaxBytes } from '$lib/components/chat/source-files';
import { readJson, reply } from '../../../../json-reply';
import { signedIn } from '../../../../signed-in';
import type { RequestHandler } from './$types';

const sourceSchema = z.object({
  kind: z.enum(['text', 'file']),
  title: z.string().trim().min(1).max(200),
  text: z.string().min(1).max(sourceMaxBytes),
});

/** Takes a pasted text or a file as a numbered source. */
export const POST: RequestHandler = ({ locals, params, request }) =>
  reply(locals.requestId, async () => {
    const { actor } = signedIn(locals);
    const source = await readJson(request, sourceSchema);
    return locals.services.conversations.addSource(actor, params.id, source);
  });
