import { error } from '@sveltejs/kit';
import { toError } from '$lib/server/errors/to-http';
import { signedIn } from '../../../signed-in';
import { streamOf } from '../../../stream-of';
import type { RequestHandler } from './$types';

/** All that is stored of the person, as one JSON file. A POST, since it is noted in the audit log. */
export const POST: RequestHandler = async ({ locals }) => {
  try {
    const { actor } = signedIn(locals);
    const { fileName, contentType, chunks } = await locals.services.ownData.exportAll(actor);
    return new Response(streamOf(chunks), {
      headers: {
        'content-type': contentType,
        'content-disposition': `attachment; filename="${fileName}"`,
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
      },
    });
  } catch (caught) {
    const { status, problem } = toError(caught, locals.requestId);
    error(status, problem);
  }
};
