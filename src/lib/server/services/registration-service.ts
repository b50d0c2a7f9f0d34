import { createHash, randomBytes } from 'node:crypto';
import { z } from 'zod';
import { ConflictError, ForbiddenError, InvalidError, NotFoundError } from '../errors/app-error.ts';
import type {
  RegistrationAttempt,
  RegistrationAttemptRepository,
} from '../repositories/registration-attempt-repository.ts';
import type { User, UserRepository } from '../repositories/user-repository.ts';
import type { SealedPlace, Vault } from '../security/encryption.ts';
import type { PasswordHasher } from '../security/password-hash.ts';
import { requireGoodPassword } from '../security/password-rules.ts';
import type { Throttle } from '../security/throttle.ts';
import { provePerson, type JiraPersonDeps, type ProvenPerson } from './jira-person.ts';
import { provenConnection } from './proven-connection.ts';
import type { AuditService, Origin, RegistrationService } from './services.ts';
import type { SessionEnds } from './session-ends.ts';
import { throttledLogin } from './sign-in-check.ts';

export interface RegistrationServiceDeps {
  attempts: RegistrationAttemptRepository;
  users: UserRepository;
  vault: Vault;
  hasher: PasswordHasher;
  throttle: Throttle;
  ends: SessionEnds;
  audit: AuditService;
  jira: JiraPersonDeps;
  /** Told once an account stands with a token that was just proven, new or in the place of another one. Never rejects. */
  onTokenProven(actor: { userId: string; requestId: string }): Promise<void>;
  ids: { next(): string };
  clock: { now(): number };
}

/** Beyond the interface that routes know: what the composition root runs. */
export type ManagedRegistrationService = RegistrationService & {
  /** Deletes attempts that are over, with the tokens in them. Run it every minute. */
  sweep(): void;
};

const ATTEMPT_LIFE_MS = 10 * 60_000;
const ATTEMPT_ID_BYTES = 32;

const personSchema = z.object({
  employeeId: z.string(),
  name: z.string(),
  email: z.string(),
  avatarImage: z.string().nullable(),
  avatarUrl: z.string().nullable(),
  jiraUrl: z.string(),
});

type Purpose = RegistrationAttempt['purpose'];

/**
 * Registers whoever holds a Jira token, and lets them set a new password the same way. The token waits for the second
 * step encrypted on the server, at most ten minutes; the browser holds a random id, of which the digest is stored.
 */
export function createRegistrationService(deps: RegistrationServiceDeps): ManagedRegistrationService {
  const { attempts, users, vault, hasher, throttle, ends, audit, clock } = deps;

  return {
    async begin({ jiraToken, purpose }, origin) {
      const person = await proveThrottled(jiraToken, origin);
      await requireFittingAccount(person, purpose);
      const attempt = randomBytes(ATTEMPT_ID_BYTES).toString('base64url');
      const id = digest(attempt);
      const now = clock.now();
      const expiresAt = now + ATTEMPT_LIFE_MS;
      const encryptedJiraPat = vault.seal(jiraToken, attemptPlace(id));
      await attempts.create(
        { id, encryptedJiraPat, person: JSON.stringify(person), purpose, expiresAt },
        now,
      );
      return { attempt, expiresAt, person };
    },

    async person(attempt) {
      const open = await attempts.findOpen(digest(attempt), clock.now());
      if (open === null) return null;
      return { person: personOf(open), purpose: open.purpose, expiresAt: open.expiresAt };
    },

    async complete({ attempt, password }, origin) {
      const open = await attempts.findOpen(digest(attempt), clock.now());
      if (open === null) throw attemptOver();
      await requireGoodPassword(password, personOf(open));
      const token = vault.open(open.encryptedJiraPat, attemptPlace(open.id));
      // Ten minutes are enough to be dismissed in, or to have the token revoked.
      const person = await provePerson(deps.jira, token);
      if (person.employeeId !== personOf(open).employeeId) throw attemptOver();
      const hashedPassword = await hasher.hash(password);
      if (open.purpose === 'register') await register(open.id, person, token, hashedPassword, origin);
      else await reset(open.id, person, token, hashedPassword, origin);
      return { employeeId: person.employeeId };
    },

    async cancel(attempt) {
      await attempts.remove(digest(attempt));
    },

    sweep: () => attempts.removeExpired(clock.now()),
  };

  /** Counted by address alone: whose token it is shows only afterwards. */
  async function proveThrottled(token: string, { address, requestId }: Origin): Promise<ProvenPerson> {
    const admission = throttle.admit({ account: `token from ${address}`, address });
    try {
      const person = await provePerson(deps.jira, token);
      admission.succeeded();
      return person;
    } catch (error) {
      // Only a refused token is a guess; a Jira that is down must not slow anybody.
      const isGuess = error instanceof InvalidError && error.code === 'jira_token_refused';
      if (!isGuess) admission.withdraw();
      const detail = {
        address,
        reason: error instanceof Error && 'code' in error ? String(error.code) : 'unexpected',
      };
      audit.record(
        { userId: null, employeeId: null, requestId },
        { action: 'account.prove_token', outcome: 'refused', detail },
      );
      throw error;
    }
  }

  async function requireFittingAccount({ employeeId }: ProvenPerson, purpose: Purpose): Promise<void> {
    const user = await users.findByEmployeeId(employeeId);
    if (purpose === 'register' && user !== null) throw accountExists(employeeId);
    if (purpose === 'reset') requireUsable(user, employeeId);
  }

  async function register(
    attemptId: string,
    person: ProvenPerson,
    token: string,
    hashedPassword: string,
    origin: Origin,
  ): Promise<void> {
    const id = deps.ids.next();
    const now = clock.now();
    const user = {
      id,
      createdAt: now,
      updatedAt: now,
      jiraChangedAt: now,
      displayName: person.name,
      hashedPassword,
    };
    const outcome = await users.register(attemptId, {
      ...user,
      ...person,
      ...provenConnection(vault, id, person, token, now),
    });
    if (outcome === 'exists') throw accountExists(person.employeeId);
    if (outcome === 'attempt_over') throw attemptOver();
    record('account.register', id, person, origin);
    await deps.onTokenProven({ userId: id, requestId: origin.requestId });
  }

  async function reset(
    attemptId: string,
    person: ProvenPerson,
    token: string,
    hashedPassword: string,
    origin: Origin,
  ): Promise<void> {
    const user = requireUsable(await users.findByEmployeeId(person.employeeId), person.employeeId);
    const now = clock.now();
    const { name, email, avatarUrl, avatarImage } = person;
    const proven = {
      name,
      email,
      avatarUrl,
      avatarImage,
      hashedPassword,
      ...provenConnection(vault, user.id, person, token, now),
    };
    const done = await users.reset(attemptId, user.id, proven, now);
    if (done === null) throw attemptOver();
    for (const sessionId of done.endedSessions)
      ends.announce({ sessionId, userId: user.id, reason: 'ended' });
    // Whoever was slowed by somebody else's guesses gets in again at once.
    for (const login of [person.employeeId, user.email, email, user.name, name])
      throttle.clear(throttledLogin(login));
    record('password.reset', user.id, person, origin);
    await deps.onTokenProven({ userId: user.id, requestId: origin.requestId });
  }

  function record(
    action: string,
    userId: string,
    { employeeId }: ProvenPerson,
    { address, requestId }: Origin,
  ): void {
    audit.record({ userId, employeeId, requestId }, { action, outcome: 'ok', detail: { address } });
  }
}

function requireUsable(user: User | null, employeeId: string): User {
  if (user === null) {
    throw new NotFoundError('account_missing', `There is no account for ${employeeId} yet.`, {
      hint: 'Register with the same token.',
    });
  }
  if (user.disabledAt !== null) {
    throw new ForbiddenError('account_disabled', 'This account is disabled.', {
      hint: 'Ask your administrator.',
    });
  }
  return user;
}

function accountExists(employeeId: string): ConflictError {
  return new ConflictError('account_exists', `${employeeId} is registered already.`, {
    hint: 'Sign in. If you forgot the password, set a new one with your Jira token.',
  });
}

function attemptOver(): NotFoundError {
  return new NotFoundError('attempt_over', 'This took longer than ten minutes, or was finished elsewhere.', {
    hint: 'Start again with your Jira token.',
  });
}

function personOf(attempt: RegistrationAttempt): ProvenPerson {
  return personSchema.parse(JSON.parse(attempt.person));
}

function attemptPlace(attemptId: string): SealedPlace {
  return { userId: attemptId, table: 'registration_attempt', field: 'encrypted_jira_pat' };
}

function digest(attempt: string): string {
  return createHash('sha256').update(attempt).digest('hex');
}
