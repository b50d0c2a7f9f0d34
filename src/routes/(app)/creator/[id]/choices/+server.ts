import { z } from 'zod';
import { issueKeySchema, projectKeySchema } from '$lib/contracts/story';
import { readJson, reply } from '../../../../json-reply';
import { signedIn } from '../../../../signed-in';
import type { RequestHandler } from './$types';

const choicesSchema = z
  .object({
    projectKey: projectKeySchema,
    formatId: z.string().min(1).max(60),
    promptId: z.string().min(1).max(60).nullable(),
    issueType: z.string().min(1).max(60),
    epicKey: issueKeySchema.nullable(),
  })
  .partial();

/** Changes how the stories of this conversation are written from now on. */
export const POST: RequestHandler = ({ locals, params, request }) =>
  reply(locals.requestId, async () => {
    const { actor } = signedIn(locals);
    const given = Object.entries(await readJson(request, choicesSchema)).filter(
      ([, value]) => value !== undefined,
    );
    await locals.services.conversations.choose(actor, params.id, Object.fromEntries(given));
    return { chosen: true };
  });
