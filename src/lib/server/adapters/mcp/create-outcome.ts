import { issueKeySchema } from '../../../contracts/story.ts';
import type { Problem } from '../../../contracts/problem.ts';
import { AppError, UpstreamError } from '../../errors/app-error.ts';
import { browseUrl } from '../jira/jira-issue.ts';
import type { ToolAnswer } from './mcp-client.ts';
import type { ToolFailure, ToolProfile, ToolUse } from './tool-profile.ts';

/** Every answer to a create call comes to one of these three. Only `failed` may be sent again. */
export type CreateOutcome =
  | { kind: 'ok'; key: string; url: string }
  | { kind: 'failed'; problem: Problem; retryAfterMs?: number }
  | { kind: 'unknown'; problem: Problem };

/** What a create tool's answer means. A success without a key that can be read is unknown, not ok. */
export function outcomeOfAnswer(
  profile: ToolProfile,
  use: ToolUse<'createIssue'>,
  answer: ToolAnswer,
  baseUrl: string,
): CreateOutcome {
  const failure = profile.failureOf(answer);
  if (failure) return outcomeOfFailure(failure);
  const key = issueKeySchema.safeParse(use.read?.(answer, baseUrl)?.key);
  if (key.success) return { kind: 'ok', key: key.data, url: browseUrl(baseUrl, key.data) };
  return {
    kind: 'unknown',
    problem: unclear('The tool reported a success, but did not say which issue it created.'),
  };
}

/** What a call that was answered by no tool means: certain only where the request never reached one. */
export function outcomeOfError(error: unknown): CreateOutcome {
  if (!(error instanceof AppError)) return { kind: 'unknown', problem: unclear('The call broke off.') };
  const certain =
    !(error instanceof UpstreamError) || ['refused', 'credential', 'rate_limited'].includes(error.kind);
  if (!certain) return { kind: 'unknown', problem: unclear(error.message, error.code) };
  const retryAfterMs = error instanceof UpstreamError ? error.retryAfterMs : undefined;
  return { kind: 'failed', problem: error.toProblem(), ...waiting(retryAfterMs) };
}

/** What an error before the call means: nothing was sent, whatever it was. */
export function failedBefore(error: unknown): Extract<CreateOutcome, { kind: 'failed' }> {
  if (error instanceof AppError) return { kind: 'failed', problem: error.toProblem() };
  throw error;
}

function outcomeOfFailure(failure: ToolFailure): CreateOutcome {
  if (!failure.isDefinite) return { kind: 'unknown', problem: unclear(failure.message, failure.code) };
  const { code, message, hint, fields, retryAfterMs } = failure;
  const problem: Problem = { code, message, hint, fields, retryable: failure.kind === 'rate_limited' };
  return { kind: 'failed', problem, ...waiting(retryAfterMs) };
}

function waiting(retryAfterMs: number | undefined): { retryAfterMs?: number } {
  return retryAfterMs === undefined ? {} : { retryAfterMs };
}

function unclear(message: string, code = 'creation_unknown'): Problem {
  return {
    code,
    message: `${message} The issue may have been created.`,
    hint: 'It is being looked for. Nothing is sent a second time by itself.',
    retryable: false,
  };
}
