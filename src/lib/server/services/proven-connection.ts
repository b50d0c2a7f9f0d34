import type { ConnectionStep } from '../../contracts/connection.ts';
import { sealedPlaces, type StoredTest } from '../repositories/connection-repository.ts';
import type { User } from '../repositories/user-repository.ts';
import type { Vault } from '../security/encryption.ts';
import type { JiraPerson } from './services.ts';

/**
 * The Jira connection as a proof of the token leaves it: sealed, and tested, since the proof was the very call that a
 * test makes. So nobody tests by hand what they registered with a minute ago.
 */
export function provenConnection(
  vault: Vault,
  userId: string,
  person: Pick<JiraPerson, 'employeeId' | 'jiraUrl'>,
  token: string,
  now: number,
): Pick<User, 'jiraUrl' | 'encryptedJiraPat' | 'jiraTest'> {
  const test: StoredTest = {
    kind: 'jira',
    ok: true,
    testedAt: now,
    steps: proofSteps(person),
    identity: person.employeeId,
    identityVerified: true,
    // Asked at the next test, or when tokens are tried again.
    tokenExpiresAt: null,
    problem: null,
    url: person.jiraUrl,
  };
  return {
    jiraUrl: person.jiraUrl,
    encryptedJiraPat: vault.seal(token, { userId, ...sealedPlaces.jira.secret }),
    jiraTest: JSON.stringify(test),
  };
}

/** A token that was accepted had found, reached and trusted its server. */
function proofSteps({ employeeId, jiraUrl }: Pick<JiraPerson, 'employeeId' | 'jiraUrl'>): ConnectionStep[] {
  const seen = { state: 'passed', durationMs: null, problem: null } as const;
  return [
    {
      ...seen,
      step: 'authenticate',
      target: `${jiraUrl}/rest/api/2/myself`,
      sentence: 'The token was accepted when you entered it.',
    },
    { ...seen, step: 'identity', target: null, sentence: `It answered as ${employeeId}: that is you.` },
  ];
}
