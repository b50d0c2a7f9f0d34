import { json } from '@sveltejs/kit';
import type { RequestHandler } from './$types';

/** 200 when everything that a request needs is there, else 503; the checks say what is not. */
export const GET: RequestHandler = async ({ locals }) => {
  const readiness = await locals.services.system.readiness();
  return json(readiness, { status: readiness.ready ? 200 : 503, headers: { 'cache-control': 'no-store' } });
};
