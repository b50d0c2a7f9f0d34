import { error } from '@sveltejs/kit';
import type { RequestHandler } from './$types';

/** For Prometheus. Whoever may not read it finds nothing here. */
export const GET: RequestHandler = async ({ locals, request, getClientAddress }) => {
  const metrics = await locals.services.system.metrics({
    headers: request.headers,
    connectionAddress: getClientAddress(),
  });
  if (metrics === null) error(404);
  return new Response(metrics.text, {
    headers: { 'content-type': metrics.contentType, 'cache-control': 'no-store' },
  });
};
