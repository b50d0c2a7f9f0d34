import type { Logger } from 'pino';
import type { Problem } from '../../contracts/problem.ts';
import { AppError } from './app-error.ts';
import { problemOf } from './problem-of.ts';
import { ZodError } from 'zod';

/** The refusing ack of a socket event. Errors that nobody foresaw are logged here, and only here. */
export function toAck(
  error: unknown,
  { requestId, log }: { requestId: string; log: Logger },
): { ok: false; problem: Problem; requestId: string } {
  const expected = error instanceof AppError || error instanceof ZodError;
  if (!expected) log.error({ err: error, x_request_id: requestId }, 'A socket event failed.');
  return { ok: false, problem: problemOf(error, requestId), requestId };
}
