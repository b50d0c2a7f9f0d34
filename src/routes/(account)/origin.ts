import type { RequestEvent } from '@sveltejs/kit';
import type { Origin } from '$lib/server/services/services';

/** Where a request comes from, as throttling and the audit log want it. */
export function originOf(event: RequestEvent): Origin {
  return {
    address: event.locals.address,
    userAgent: event.request.headers.get('user-agent'),
    requestId: event.locals.requestId,
  };
}
