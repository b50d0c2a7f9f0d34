import { error } from '@sveltejs/kit';
import { z } from 'zod';
import { toError } from '$lib/server/errors/to-http';
import { parseForm } from '../../../../form-reply';
import { signedIn } from '../../../../signed-in';
import type { RequestHandler } from './$types';

const querySchema = z.object({
  format: z.enum(['markdown', 'json'], 'A conversation is exported as markdown or json.').default('markdown'),
});

/** The conversation as a file: `?format=markdown` or `?format=json`. */
export const GET: RequestHandler = async ({ locals, params, url }) => {
  try {
    const { actor } = signedIn(locals);
    const { format } = parseForm(querySchema, Object.fromEntries(url.searchParams));
    const { fileName, contentType, body } = await locals.services.conversations.exportAs(
      actor,
      params.id,
      format,
    );
    return new Response(body, {
      headers: {
        'content-type': contentType,
        'content-disposition': `attachment; filename="${asciiName(fileName)}"; filename*=UTF-8''${encodeURIComponent(fileName)}`,
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
      },
    });
  } catch (caught) {
    const { status, problem } = toError(caught, locals.requestId);
    error(status, problem);
  }
};

/** For clients that know no `filename*` (RFC 6266): nothing that could end the quoted name or the header. */
function asciiName(fileName: string): string {
  return fileName.replace(/[^\w.-]+/g, '-');
}
