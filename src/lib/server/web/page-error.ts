import { AppError } from '../errors/app-error.ts';

/** What an error page may say: an AppError's own words, and nothing of any other error but its request id. */
export function errorForPage(
  error: unknown,
  { status, message, requestId }: { status: number; message: string; requestId: string },
): App.Error {
  if (error instanceof AppError)
    return { message: error.message, code: error.code, hint: error.hint, requestId };
  if (status === 404)
    return {
      message: 'There is nothing at this address.',
      code: 'not_found',
      hint: 'It may have been deleted, or belong to somebody else.',
      requestId,
    };
  if (status < 500) return { message, requestId };
  return {
    message: 'Something went wrong here. What you had saved is kept.',
    code: 'internal',
    hint: 'Try again; if it happens again, give the request id to your administrator.',
    requestId,
  };
}
