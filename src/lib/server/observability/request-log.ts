import type { Logger } from './logger.ts';

/** One page request, as it is logged. */
export interface RequestLine {
  requestId: string;
  userId: string | null;
  method: string;
  /** The route's pattern, never its parameters. */
  route: string | null;
  status: number;
  durationMs: number;
}

/** One line for each page request. */
export function logRequest(
  log: Logger,
  { requestId, userId, method, route, status, durationMs }: RequestLine,
): void {
  const outcome = status < 400 ? 'ok' : status < 500 ? 'refused' : 'failed';
  const fields = {
    x_request_id: requestId,
    user_id: userId,
    route,
    method,
    status,
    duration_ms: Math.round(durationMs * 10) / 10,
    outcome,
  };
  log.info(fields, 'Request');
}
