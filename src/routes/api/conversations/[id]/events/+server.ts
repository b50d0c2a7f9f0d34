import { z } from 'zod';
import { channelVersion } from '$lib/contracts/socket-events';
import { ConflictError } from '$lib/server/errors/app-error';
import { openEventStream } from '$lib/server/web/event-stream';
import { callerOf } from '../../../../caller';
import { parseForm } from '../../../../form-reply';
import { answer } from '../../../../json-reply';
import type { RequestHandler } from './$types';

const seqSchema = z.coerce.number().int().min(0).default(0);
const querySchema = z.object({ after: seqSchema, channelVersion: z.coerce.number().int().optional() });

/**
 * The journal from `?after=` on, as server-sent events; a reader that comes back says where it was by `Last-Event-ID`.
 * A page names its `?channelVersion=`, so that one of another version is told to reload.
 */
export const GET: RequestHandler = ({ locals, params, request, url }) =>
  answer(locals.requestId, async () => {
    const caller = await callerOf(locals, request);
    const query = parseForm(querySchema, Object.fromEntries(url.searchParams));
    if (query.channelVersion !== undefined && query.channelVersion !== channelVersion)
      throw new ConflictError('reload', 'This page is from another version of Backlogue.', {
        hint: 'Reload the page.',
      });
    const lastSeen = request.headers.get('last-event-id');
    const afterSeq = lastSeen === null ? query.after : parseForm(seqSchema, lastSeen);
    return openEventStream({ services: locals.services, caller }, { conversationId: params.id, afterSeq });
  });
