import type { Problem } from '../../contracts/problem.ts';
import { AppError, ForbiddenError, InvalidError, NotFoundError, UpstreamError } from '../errors/app-error.ts';

/** What a job's row says of a try that failed. The text of an unknown error stays in the log: it may hold anything. */
export function failureProblem(error: unknown, requestId: string | null): Problem {
  const problem = error instanceof AppError ? error : stoppedUnexpectedly;
  return problem.toProblem(requestId ?? undefined);
}

/**
 * Whether another try cannot help before a person changes something. A refused token is not presented again: some
 * systems lock an account after a few.
 */
export function isFinal(error: unknown): boolean {
  if (error instanceof UpstreamError) {
    return error.kind === 'credential' || (error.kind === 'refused' && !error.retryable);
  }
  return error instanceof InvalidError || error instanceof NotFoundError || error instanceof ForbiddenError;
}

/** Of a job whose last try ended with its process. */
export const abandonedProblem: Problem = {
  code: 'job_abandoned',
  message: 'The last try ended with the process that made it.',
  hint: 'Retry starts it anew.',
  retryable: true,
};

const stoppedUnexpectedly = new AppError('job_stopped', 'This work stopped unexpectedly.', {
  hint: 'The log of the server says why.',
  retryable: true,
});
