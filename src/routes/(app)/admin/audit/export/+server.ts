import { error } from '@sveltejs/kit';
import { z } from 'zod';
import { toError } from '$lib/server/errors/to-http';
import { signedIn } from '../../../../signed-in';
import { streamOf } from '../../../../stream-of';
import { readAuditQuery } from '../audit-query';
import type { RequestHandler } from './$types';

const formatSchema = z.enum(['csv', 'jsonl']).catch('csv');

/** The audit log as a file that is written while it is read: `?format=csv` or `jsonl`, and the page's own filter. */
export const GET: RequestHandler = async ({ locals, url }) => {
  try {
    const { actor } = signedIn(locals);
    const { administration } = locals.services;
    const { filter } = readAuditQuery(url);
    const format = formatSchema.parse(url.searchParams.get('format'));
    const { fileName, contentType, chunks } = await administration.audit.exportAs(actor, filter, format);
    return new Response(streamOf(chunks), {
      headers: {
        'content-type': contentType,
        'content-disposition': `attachment; filename="${fileName}"`,
        'cache-control': 'no-store',
      },
    });
  } catch (caught) {
    const { status, problem } = toError(caught, locals.requestId);
    error(status, problem);
  }
};
