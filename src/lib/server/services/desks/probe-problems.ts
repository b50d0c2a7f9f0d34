import type { ConnectionKind } from '../../../contracts/connection.ts';
import type { Problem } from '../../../contracts/problem.ts';
import { AppError, BusyError, InvalidError } from '../../errors/app-error.ts';

/** No test takes longer: somebody waits for it. */
export const probeLimitMs = 30_000;

export function nothingToSee(kind: 'jira' | 'confluence', what: string, thing: string): InvalidError {
  return new InvalidError(`${kind}_nothing_visible`, `The token works, and shows ${what}.`, {
    hint: `Ask whoever looks after the ${thing}s to let you in, then test again.`,
  });
}

export function mayNotCreate(): InvalidError {
  return new InvalidError('jira_may_not_create', 'You may see projects, but create issues in none of them.', {
    hint: 'Ask whoever looks after your project for the permission “Create Issues”, then test again.',
  });
}

export function toolsUnknown(serverIds: string[]): InvalidError {
  return new InvalidError(
    'tools_unknown',
    `${serverIds.join(' and ')} offered no tool that Backlogue can use.`,
    { hint: 'An administrator can map its tools under mcpServers in config.json.' },
  );
}

/** Whoever tests wants to know what to do, also where the failure is anybody's guess. */
export function toldWithHint(kind: ConnectionKind, problem: Problem): Problem {
  if (problem.hint !== undefined) return problem;
  const owner = `ask whoever runs ${systemNames[kind]}`;
  const hint = problem.retryable
    ? `Test again in a moment. If it goes on, ${owner}.`
    : `Check what you entered here. If it is right, ${owner}.`;
  return { ...problem, hint };
}

const systemNames: Record<ConnectionKind, string> = {
  jira: 'Jira',
  confluence: 'Confluence',
  llm: 'the language model',
};

export function asAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  if (error instanceof DOMException && error.name === 'TimeoutError') {
    return new BusyError('test_timeout', `Nothing usable came within ${probeLimitMs / 1_000} seconds.`, {
      hint: 'Look whether the system is slow today, then test again.',
    });
  }
  throw error;
}
