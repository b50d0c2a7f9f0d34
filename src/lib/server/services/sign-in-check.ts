import { BusyError, ForbiddenError, InvalidError } from '../errors/app-error.ts';
import type { User, UserRepository } from '../repositories/user-repository.ts';
import type { PasswordHasher } from '../security/password-hash.ts';
import type { Throttle } from '../security/throttle.ts';
import type { AuditService, Origin } from './services.ts';

interface SignInCheckDeps {
  users: Pick<UserRepository, 'findByLogin' | 'renewHash'>;
  hasher: PasswordHasher;
  throttle: Throttle;
  audit: AuditService;
}

/**
 * Makes the check of a login and a password. It resolves with the person; it throws BusyError while throttled,
 * InvalidError `sign_in_refused` with the same words and after the same work for unknown people and wrong passwords,
 * and ForbiddenError `account_disabled` only to those who know the password.
 */
export function createSignInCheck({ users, hasher, throttle, audit }: SignInCheckDeps) {
  return async function checkSignIn(
    input: { login: string; password: string },
    origin: Origin,
  ): Promise<User> {
    const login = input.login.trim();
    const user = meant(await users.findByLogin(login));
    const admission = throttle.admit({ account: throttledLogin(login), address: origin.address });

    const matches = await hasher
      .verify(user?.hashedPassword ?? null, input.password)
      .catch((error: unknown) => {
        admission.withdraw();
        throw error;
      });
    if (user === null || !matches) {
      refuse(user, origin, 'credentials');
      throw new InvalidError('sign_in_refused', 'The name or the password is not right.', {
        hint: 'If several people share your name, sign in with your employee id or e-mail address.',
      });
    }
    admission.succeeded();
    if (user.disabledAt !== null) {
      refuse(user, origin, 'disabled');
      throw new ForbiddenError('account_disabled', 'This account is disabled.', {
        hint: 'Ask your administrator.',
      });
    }
    if (hasher.isOutdated(user.hashedPassword)) await renewHash(user, input.password);
    return user;
  };

  /** Only now is the password known. Where many sign in at once it waits for the next time. */
  async function renewHash({ id, hashedPassword }: User, password: string): Promise<void> {
    const renewed = await hasher.hash(password).catch((error: unknown) => {
      if (error instanceof BusyError) return null;
      throw error;
    });
    if (renewed !== null) await users.renewHash(id, hashedPassword, renewed);
  }

  /** What was typed is not recorded: now and then it is a password in the wrong field. */
  function refuse(user: User | null, { address, requestId }: Origin, reason: string): void {
    audit.record(
      { userId: user?.id ?? null, employeeId: user?.employeeId ?? null, requestId },
      { action: 'session.sign_in', outcome: 'refused', detail: { address, reason } },
    );
  }
}

/**
 * Guesses are counted by what was typed, not by whom it means: a pause that two names share would tell a stranger
 * that they belong to one account. It gives three times the guesses, which the pauses allow for.
 */
export function throttledLogin(login: string): string {
  return `login ${login.normalize('NFC').toLowerCase()}`;
}

/** The employee id is unique and comes first. A name or address that several people have means nobody. */
function meant({
  byEmployeeId,
  byEmail,
  byName,
}: Awaited<ReturnType<UserRepository['findByLogin']>>): User | null {
  const first = [byEmployeeId, byEmail, byName].find((people) => people.length > 0) ?? [];
  return first.length === 1 ? (first[0] ?? null) : null;
}
