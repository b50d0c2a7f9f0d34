import type { Problem } from '../../contracts/problem.ts';
import {
  AppError,
  BusyError,
  ConflictError,
  ForbiddenError,
  InvalidError,
  NotFoundError,
  UnauthenticatedError,
  UnavailableError,
  UpstreamError,
} from './app-error.ts';

/**
 * What a JSON endpoint or an error page answers with. What is no AppError is thrown on: it is a bug (or SvelteKit's
 * own redirect), and whoever handles it last logs it once and tells the person no details.
 */
export function toError(error: unknown, requestId: string): { status: number; problem: Problem } {
  if (!(error instanceof AppError)) throw error;
  return { status: statusOf(error), problem: error.toProblem(requestId) };
}

/** The same for a form action: `fail(status, data)`. */
export function toFail(error: unknown, requestId: string): { status: number; data: { problem: Problem } } {
  const { status, problem } = toError(error, requestId);
  return { status, data: { problem } };
}

function statusOf(error: AppError): number {
  if (error instanceof InvalidError) return 400;
  if (error instanceof UnauthenticatedError) return 401;
  if (error instanceof ForbiddenError) return 403;
  if (error instanceof NotFoundError) return 404;
  if (error instanceof ConflictError) return 409;
  if (error instanceof BusyError) return 429;
  if (error instanceof UnavailableError) return 503;
  if (error instanceof UpstreamError) return upstreamStatus(error);
  return 500;
}

/** Never the remote's own status: a 401 from Jira must not read as the end of our session. */
function upstreamStatus({ kind }: UpstreamError): number {
  if (kind === 'rate_limited') return 503;
  return kind === 'unknown' ? 504 : 502;
}
