import { error } from '@sveltejs/kit';
import { z } from 'zod';
import { toError } from '$lib/server/errors/to-http';
import { signedIn } from '../../../../signed-in';
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

/** Reads on only as fast as the receiver takes it, and stops when they leave. */
function streamOf(chunks: AsyncIterable<string>): ReadableStream<Uint8Array> {
  const iterator = chunks[Symbol.asyncIterator]();
  const encoder = new TextEncoder();
  return new ReadableStream({
    async pull(controller) {
      const next = await iterator.next();
      if (next.done) controller.close();
      else controller.enqueue(encoder.encode(next.value));
    },
    async cancel() {
      await iterator.return?.();
    },
  });
}
