import type { ConnectionKind, ConnectionTest } from '../../contracts/connection.ts';
import type { Problem } from '../../contracts/problem.ts';
import type { StoredConnection } from '../repositories/connection-repository.ts';
import { connectionNames } from './credentials.ts';

/**
 * What a probe found out. `identity` is who answered: Jira's `name`, Confluence's `username` where its `type` is
 * `known`, the model's whoami; null where it does not say. `problem` is the first thing that went wrong.
 */
export interface ProbeResult {
  steps: ConnectionTest['steps'];
  identity: string | null;
  tokenExpiresAt: number | null;
  problem: Problem | null;
}

interface Judged {
  kind: ConnectionKind;
  probe: ProbeResult;
  employeeId: string;
  judgeIdentity: IdentityJudge;
  testedAt: number;
}

/** Why what answered is not the person's credential, or null where it may pass as theirs. */
export type IdentityJudge = (identity: string | null) => Problem | null;

/** `requireIdentity`: whether a model that cannot say whose credential it got fails. */
export function identityJudge(
  kind: ConnectionKind,
  employeeId: string,
  requireIdentity: boolean,
): IdentityJudge {
  const mayBeUnknown = kind === 'llm' && !requireIdentity;
  return (identity) =>
    identity !== null && sameEmployee(identity, employeeId)
      ? null
      : identityProblem(kind, identity, employeeId, mayBeUnknown);
}

/** Whether a probe passes as a test: everything worked, and the one who answered is the person. */
export function judgeProbe({ kind, probe, employeeId, judgeIdentity, testedAt }: Judged): ConnectionTest {
  const { steps, identity, tokenExpiresAt } = probe;
  const identityVerified = identity !== null && sameEmployee(identity, employeeId);
  const problem = probe.problem ?? judgeIdentity(identity);
  return { kind, ok: problem === null, testedAt, steps, identity, identityVerified, tokenExpiresAt, problem };
}

/**
 * Whether the last test still speaks for the connection: nothing was saved since, it leads to the same address, and
 * what counted as verified then still does.
 */
export function testIsCurrent(stored: StoredConnection | null, url: string | null): boolean {
  if (stored === null || stored.test === null) return false;
  return stored.test.testedAt >= stored.changedAt && stored.test.url === url;
}

/** Systems differ in the case in which they show a sign-in name. */
function sameEmployee(one: string, other: string): boolean {
  return one.normalize('NFC').toLowerCase() === other.normalize('NFC').toLowerCase();
}

function identityProblem(
  kind: ConnectionKind,
  identity: string | null,
  employeeId: string,
  mayBeUnknown: boolean,
): Problem | null {
  const name = connectionNames[kind];
  if (identity !== null) {
    return {
      code: 'identity_mismatch',
      message: `${name} answered as ${identity}, and you are ${employeeId}.`,
      hint: 'Enter a credential of your own.',
      retryable: false,
    };
  }
  if (mayBeUnknown) return null;
  return {
    code: 'identity_unknown',
    message: `${name} answered, but did not say whose credential it got.`,
    hint:
      kind === 'llm'
        ? 'Its identity cannot be verified. An administrator can allow that with llm.requireIdentity in config.json.'
        : 'It may have taken you for an anonymous visitor: create a new token and save it here.',
    retryable: false,
  };
}
