import type { Problem } from '../contracts/problem.ts';

/**
 * The problem that an answer of our own server carries, or null where something else answered. By hand, since its
 * schema would bring zod into every page.
 */
export function toldProblem(told: unknown): Problem | null {
  if (typeof told !== 'object' || told === null) return null;
  const { code, message, retryable = false, hint, requestId, fields } = told as Record<string, unknown>;
  if (typeof code !== 'string' || !/^[a-z][a-z0-9_]*$/.test(code)) return null;
  if (typeof message !== 'string' || message === '' || typeof retryable !== 'boolean') return null;
  return {
    code,
    message,
    retryable,
    ...(typeof hint === 'string' && { hint }),
    ...(typeof requestId === 'string' && { requestId }),
    ...(isSentences(fields) && { fields }),
  };
}

function isSentences(fields: unknown): fields is Record<string, string> {
  return (
    typeof fields === 'object' &&
    fields !== null &&
    Object.values(fields).every((sentence) => typeof sentence === 'string')
  );
}
