import { callerOf } from '../../../caller';
import { reply } from '../../../json-reply';
import type { RequestHandler } from './$types';

/** One conversation with its journal so far; `/events?after=<lastSeq>` goes on from there. */
export const GET: RequestHandler = ({ locals, params, request }) =>
  reply(locals.requestId, async () => {
    const { actor } = await callerOf(locals, request);
    const { summary, choices, events, lastSeq } = await locals.services.conversations.open(actor, params.id);
    return { conversation: summary, choices, events, lastSeq };
  });
