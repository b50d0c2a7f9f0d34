import { z } from 'zod';
import { readJson, reply } from '../../../../json-reply';
import { signedIn } from '../../../../signed-in';
import type { RequestHandler } from './$types';

const changeSchema = z.discriminatedUnion('change', [
  z.object({
    change: z.literal('rename'),
    title: z.string().trim().min(1, 'A title needs a word.').max(120),
  }),
  z.object({ change: z.literal('archive') }),
  z.object({ change: z.literal('unarchive') }),
  z.object({ change: z.literal('remove') }),
  z.object({ change: z.literal('restore') }),
]);

/** What a row of the list can be told to do. */
export const POST: RequestHandler = ({ locals, params, request }) =>
  reply(locals.requestId, async () => {
    const { actor } = signedIn(locals);
    const { conversations } = locals.services;
    const asked = await readJson(request, changeSchema);
    switch (asked.change) {
      case 'rename':
        await conversations.rename(actor, params.id, asked.title);
        break;
      case 'archive':
      case 'unarchive':
        await conversations.archive(actor, params.id, asked.change === 'archive');
        break;
      case 'remove':
        await conversations.remove(actor, params.id);
        break;
      case 'restore':
        await conversations.restore(actor, params.id);
    }
    return { done: true };
  });
