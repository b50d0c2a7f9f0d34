import { AppError, UpstreamError } from '../errors/app-error.ts';

const DEEPEST_CAUSE = 5;

/**
 * What a log line tells of an error: name, message, code, stack and the causes below. Other properties stay out; they
 * may hold whole requests with their headers.
 */
export function serialiseError(error: unknown, depth = 0): Record<string, unknown> {
  if (!(error instanceof Error))
    return { type: typeof error, message: String(error), code: null, stack: null };
  return {
    type: error.name,
    message: error.message,
    code: codeOf(error),
    ...(error instanceof UpstreamError
      ? { upstream: error.upstream, kind: error.kind, status: error.status ?? null }
      : {}),
    stack: error.stack ?? null,
    ...(error.cause !== undefined && depth < DEEPEST_CAUSE
      ? { cause: serialiseError(error.cause, depth + 1) }
      : {}),
  };
}

function codeOf(error: Error): string | null {
  if (error instanceof AppError) return error.code;
  return 'code' in error && (typeof error.code === 'string' || typeof error.code === 'number')
    ? String(error.code)
    : null;
}
