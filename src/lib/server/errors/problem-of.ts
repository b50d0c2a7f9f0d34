import { ZodError } from 'zod';
import type { Problem } from '../../contracts/problem.ts';
import { AppError } from './app-error.ts';

/** What a person is told of any error. Of one that nobody foresaw they learn the request id and nothing else. */
export function problemOf(error: unknown, requestId?: string): Problem {
  if (error instanceof AppError) return error.toProblem(requestId);
  const withId = requestId === undefined ? {} : { requestId };
  if (error instanceof ZodError) return { ...malformed(error), ...withId };
  return {
    code: 'unexpected',
    message: 'Something went wrong on our side. What was saved before is kept.',
    hint: 'Try again. If it happens again, give the request id to your administrator.',
    retryable: true,
    ...withId,
  };
}

function malformed(error: ZodError): Problem {
  const fields = Object.fromEntries(
    error.issues.slice(0, 10).map((issue) => [issue.path.join('.') || 'payload', issue.message]),
  );
  return {
    code: 'malformed',
    message: error.issues[0]?.message ?? 'This could not be read.',
    hint: 'Nothing was changed. Reload the page and try again.',
    fields,
    retryable: false,
  };
}
