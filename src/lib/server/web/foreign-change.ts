import { ForbiddenError } from '../errors/app-error.ts';

/**
 * Refuses a changing request that another site's page caused. SvelteKit checks forms; this checks every method and
 * content type: the browser names the origin, and it must be ours. A request without `Origin` comes from a program,
 * which has no cookie that somebody else could borrow, unless it says `Sec-Fetch-Site`.
 */
export function refuseForeignChange(request: Request, origin: string, requestId: string): Response | null {
  if (request.method === 'GET' || request.method === 'HEAD' || request.method === 'OPTIONS') return null;
  const from = request.headers.get('origin');
  const site = request.headers.get('sec-fetch-site');
  const isOurs = from === null ? site === null || site === 'same-origin' || site === 'none' : from === origin;
  if (isOurs) return null;
  const problem = new ForbiddenError(
    'foreign_origin',
    'This request came from another site. Nothing was changed.',
    {
      hint: `Open ${origin} and try again there.`,
    },
  ).toProblem(requestId);
  return Response.json({ problem }, { status: 403, headers: { 'X-Request-ID': requestId } });
}
