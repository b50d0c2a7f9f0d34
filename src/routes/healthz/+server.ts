import { json } from '@sveltejs/kit';
import type { RequestHandler } from './$types';

/** The process answers. Whether it can work is /readyz. */
export const GET: RequestHandler = () => json({ status: 'ok' }, { headers: { 'cache-control': 'no-store' } });
