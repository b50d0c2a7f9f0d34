import type { Ids } from '../../agent/ports.ts';
import type { Problem } from '../../contracts/problem.ts';
import type { JiraRest } from '../adapters/jira-rest.ts';
import { UpstreamError } from '../errors/app-error.ts';
import type { ConnectionRepository } from '../repositories/connection-repository.ts';
import type { Due, DueTokenRepository } from '../repositories/due-token-repository.ts';
import { identityJudge } from './connection-verdict.ts';
import type { AuditService } from './services.ts';

interface TokenRecheckDeps {
  tokens: DueTokenRepository;
  connections: Pick<ConnectionRepository, 'find' | 'keepTest'>;
  /** Asks Jira who the person's stored token belongs to. */
  myself(person: {
    userId: string;
    requestId: string;
  }): Promise<Pick<Awaited<ReturnType<JiraRest['myself']>>, 'name' | 'displayName' | 'active' | 'deleted'>>;
  /** When that token runs out, milliseconds since 1970, or null. */
  tokenExpiresAt(person: { userId: string; requestId: string }): Promise<number | null>;
  /** How old a test may get. Read anew at each round. */
  intervalMs(): number;
  audit: Pick<AuditService, 'record'>;
  clock: { now(): number };
  ids: Ids;
  log: { warn(detail: object, message: string): void };
}

/** In one round: after a long stop everybody is due at once, and Jira should not notice. */
const mostPeople = 25;
/** A Jira that does not answer is asked about the same person no sooner than this. */
const againAfterMs = 15 * 60_000;

/**
 * Tries the Jira tokens of signed-in people anew, one after the other. A token that Jira refuses, or that answers as
 * somebody else, fails the connection's test: features close, pages say what to renew, and nothing that was written is
 * touched. A Jira that cannot be reached says nothing about a token. Returns how many were found to be of no use.
 */
export function createTokenRecheck(deps: TokenRecheckDeps) {
  const { tokens, connections, audit, clock, ids, log } = deps;
  const notBefore = new Map<string, number>();

  return async function recheckTokens(): Promise<number> {
    const now = clock.now();
    for (const [userId, at] of notBefore) if (at <= now) notBefore.delete(userId);
    const due = await tokens.due({ testedBefore: now - deps.intervalMs(), now }, mostPeople + notBefore.size);
    let useless = 0;
    for (const person of due.filter(({ userId }) => !notBefore.has(userId)).slice(0, mostPeople))
      if (await recheck(person)) useless += 1;
    return useless;
  };

  async function recheck({ userId, employeeId }: Due): Promise<boolean> {
    const requestId = ids.next();
    const stored = await connections.find(userId, 'jira');
    if (!stored?.test) return false;
    let problem: Problem | null;
    let tokenExpiresAt: number | null;
    try {
      problem = await whatIsWrong({ userId, employeeId, requestId });
      tokenExpiresAt = problem === null ? await deps.tokenExpiresAt({ userId, requestId }) : null;
    } catch (err) {
      notBefore.set(userId, clock.now() + againAfterMs);
      log.warn({ err, user_id: userId, x_request_id: requestId }, 'A Jira token could not be tried anew');
      return false;
    }
    const testedAt = Math.max(clock.now(), stored.changedAt);
    const test = { ...stored.test, testedAt, tokenExpiresAt };
    const failed = problem && {
      ...test,
      ok: false,
      problem,
      steps: [
        {
          step: 'authenticate' as const,
          state: 'failed' as const,
          target: `${test.url}/rest/api/2/myself`,
          durationMs: null,
          sentence: null,
          problem,
        },
      ],
    };
    // One that was saved meanwhile is another token: this says nothing about it.
    const kept = await connections.keepTest(userId, 'jira', failed ?? test, stored.changedAt);
    if (!kept || problem === null) return false;
    const detail = { kind: 'jira', code: problem.code };
    audit.record(
      { userId, employeeId, requestId },
      { action: 'connection.recheck', outcome: 'failed', detail },
    );
    return true;
  }

  /** Rejects where nothing can be said. */
  async function whatIsWrong(person: Omit<Due, 'testedAt'> & { requestId: string }): Promise<Problem | null> {
    try {
      const { name, displayName, active, deleted } = await deps.myself(person);
      if (deleted || !active) return notUsable(displayName, deleted ? 'deleted' : 'inactive');
      return identityJudge('jira', person.employeeId, true)(name);
    } catch (error) {
      if (error instanceof UpstreamError && error.kind === 'credential')
        return error.toProblem(person.requestId);
      throw error;
    }
  }
}

function notUsable(name: string, state: 'deleted' | 'inactive'): Problem {
  return {
    code: `jira_user_${state}`,
    message: `Jira says that the account of ${name} is ${state}.`,
    hint: `Ask your Jira administrator to ${state === 'deleted' ? 'restore' : 'activate'} it, then test the connection again.`,
    retryable: false,
  };
}
