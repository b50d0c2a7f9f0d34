import { randomBytes } from 'node:crypto';
import { InvalidError, UpstreamError, type AppError } from '../../src/lib/server/errors/app-error.ts';
import { createAuditRepository } from '../../src/lib/server/repositories/audit-repository.ts';
import { createConnectionRepository } from '../../src/lib/server/repositories/connection-repository.ts';
import { createRegistrationAttemptRepository } from '../../src/lib/server/repositories/registration-attempt-repository.ts';
import { createSessionRepository } from '../../src/lib/server/repositories/session-repository.ts';
import { createUserRepository } from '../../src/lib/server/repositories/user-repository.ts';
import { createVault } from '../../src/lib/server/security/encryption.ts';
import { createHashQueue } from '../../src/lib/server/security/hash-queue.ts';
import { createPasswordHasher } from '../../src/lib/server/security/password-hash.ts';
import { createThrottle } from '../../src/lib/server/security/throttle.ts';
import { createAuditService } from '../../src/lib/server/services/audit-service.ts';
import type { JiraUser } from '../../src/lib/server/services/jira-person.ts';
import { createPasswordProof } from '../../src/lib/server/services/password-proof.ts';
import { createRegistrationService } from '../../src/lib/server/services/registration-service.ts';
import type { Origin } from '../../src/lib/server/services/services.ts';
import { createSessionEnds, type SessionEnd } from '../../src/lib/server/services/session-ends.ts';
import { createSessionService } from '../../src/lib/server/services/session-service.ts';
import { bcryptHere } from './bcrypt-here.ts';
import { openTempDatabase } from './temp-database.ts';

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const origin: Origin = { address: '10.0.0.1', userAgent: 'Browser', requestId: 'request-1' };
export const ada: JiraUser = {
  employeeId: 'alovelace',
  name: 'Ada Lovelace',
  email: 'ada.lovelace@example.com',
  active: true,
  deleted: false,
  avatarUrl: null,
  self: 'http://jira.example.com/jira/rest/api/2/user?username=alovelace',
};
export const GOOD_PASSWORD = 'Correct-Horse-7';
export const OTHER_PASSWORD = 'Battery-Staple-8';

/** The least that bcrypt allows. */
export const LEAST_COST = 4;

const signingKeys = [randomBytes(32), randomBytes(32)];

/**
 * Registration, sessions and audit over a real database, with a clock that stands until it is set. `jira` answers by
 * token: a person, or an error to reject with; any other token is refused as Jira would.
 */
export function setUpAccounts({ administrators = [] as string[] } = {}) {
  const temp = openTempDatabase();
  const clock = { at: 1_800_000_000_000, now: () => clock.at };
  const complaints: object[] = [];
  const log = { info: () => undefined, error: (detail: object) => void complaints.push(detail) };
  const key = randomBytes(32);
  const vault = createVault({ newestId: 'k1', key: (id) => (id === 'k1' ? key : null) });
  const jira = new Map<string, JiraUser | AppError>([['ada-token', ada]]);
  const ends = createSessionEnds({ log });
  const ended: SessionEnd[] = [];
  ends.onEnded((end) => ended.push(end));
  const auditRepository = createAuditRepository(temp.db);
  const auditKey = randomBytes(32);
  let lastId = 0;
  const pepper = randomBytes(32);
  const hasherOfCost = (cost: number, queue = createHashQueue()) =>
    createPasswordHasher({ pepper, queue, bcrypt: bcryptHere, cost });
  const people = {
    users: createUserRepository(temp.db),
    hasher: hasherOfCost(LEAST_COST),
    throttle: createThrottle({ clock }),
    audit: createAuditService({
      repository: auditRepository,
      auditKey,
      clock,
      log,
      count: () => undefined,
    }),
  };
  const shared = { ...people, vault, ends, clock, provePassword: createPasswordProof(people) };
  const proven: string[] = [];
  const registration = createRegistrationService({
    onTokenProven: async ({ userId }) => void proven.push(userId),
    ...shared,
    attempts: createRegistrationAttemptRepository(temp.db),
    ids: { next: () => `id-${(lastId += 1)}` },
    jira: {
      jiraUrl: () => 'http://jira.example.com',
      proveJiraToken: async (token) => {
        const answer = jira.get(token) ?? refusedByJira();
        if (answer instanceof Error) throw answer;
        return answer;
      },
      fetchAvatar: async () => null,
      refuseUrl: (url) => (new URL(url).hostname === 'jira.example.com' ? null : 'That host is not allowed.'),
    },
  });
  const session = createSessionService({
    ...shared,
    sessions: createSessionRepository(temp.db),
    signingKeys,
    isAdministrator: (employeeId) => administrators.includes(employeeId),
    limits: { idleMs: 20 * MINUTE_MS, absoluteMs: 12 * HOUR_MS },
  });

  async function register(token = 'ada-token', password = GOOD_PASSWORD) {
    const { attempt } = await registration.begin({ jiraToken: token, purpose: 'register' }, origin);
    return registration.complete({ attempt, password }, origin);
  }

  /** A live session of a fresh sign-in, and its cookie's value. */
  async function signIn(login = 'alovelace', password = GOOD_PASSWORD, from = origin) {
    const { cookie, user } = await session.signIn({ login, password }, from);
    const live = await session.authenticate(cookie.value);
    if (live === null) throw new InvalidError('not_signed_in', 'The fresh session does not live.');
    return {
      cookie,
      user,
      live,
      actor: { userId: user.id, employeeId: user.employeeId, role: user.role, requestId: 'request-1' },
    };
  }

  return {
    ...shared,
    hasherOfCost,
    db: temp.db,
    proven,
    jira,
    registration,
    session,
    ended,
    complaints,
    auditKey,
    auditRepository,
    connections: createConnectionRepository(temp.db),
    audited: () => auditRepository.after(0, 1_000).map(({ action, outcome }) => `${action} ${outcome}`),
    register,
    signIn,
    [Symbol.dispose]: temp.dispose,
  };
}

export function refusedByJira(): UpstreamError {
  return new UpstreamError('jira_token_refused', 'Jira did not accept the token.', {
    upstream: 'jira',
    kind: 'credential',
    status: 401,
  });
}
