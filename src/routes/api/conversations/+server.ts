import { z } from 'zod';
import { issueKeySchema, projectKeySchema } from '$lib/contracts/story';
import { callerOf } from '../../caller';
import { parseForm } from '../../form-reply';
import { readJson, reply } from '../../json-reply';
import type { RequestHandler } from './$types';

const querySchema = z.object({
  search: z.string().trim().max(200).optional(),
  archived: z
    .enum(['true', 'false'])
    .transform((told) => told === 'true')
    .default(false),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

/** Choices that are left out take their defaults. */
const newConversationSchema = z.object({
  projectKey: projectKeySchema,
  formatId: z.string().min(1).max(60).optional(),
  promptId: z.string().min(1).max(60).nullish(),
  issueType: z.string().min(1).max(60).optional(),
  epicKey: issueKeySchema.nullish(),
});

/** The person's conversations, the newest first: `?search=`, `?archived=true`, `?limit=`. */
export const GET: RequestHandler = ({ locals, request, url }) =>
  reply(locals.requestId, async () => {
    const { actor } = await callerOf(locals, request);
    const filter = parseForm(querySchema, Object.fromEntries(url.searchParams));
    return { conversations: await locals.services.conversations.list(actor, filter) };
  });

/** Makes a conversation without a message; the first one is sent as a command. */
export const POST: RequestHandler = ({ locals, request }) =>
  reply(locals.requestId, async () => {
    const { actor } = await callerOf(locals, request);
    const { projectKey, formatId, promptId, issueType, epicKey } = await readJson(
      request,
      newConversationSchema,
    );
    const choices = {
      promptId: promptId ?? null,
      epicKey: epicKey ?? null,
      ...(formatId && { formatId }),
      ...(issueType && { issueType }),
    };
    return locals.services.conversations.create(actor, { projectKey, choices });
  });
