import { InvalidError } from '../errors/app-error.ts';
import type { UserRepository } from '../repositories/user-repository.ts';
import type { PasswordHasher } from '../security/password-hash.ts';
import { requireGoodPassword } from '../security/password-rules.ts';
import type { Throttle } from '../security/throttle.ts';
import type { Actor, AuditService } from './services.ts';

interface PasswordChangeDeps {
  users: Pick<UserRepository, 'find'>;
  hasher: PasswordHasher;
  throttle: Throttle;
  audit: AuditService;
}

/**
 * Makes the check that comes before a password is changed. It resolves with the hash of the new one.
 * @throws InvalidError `current_password_wrong`, `password_refused`; BusyError while throttled.
 */
export function createPasswordChange({ users, hasher, throttle, audit }: PasswordChangeDeps) {
  return async function newPasswordHash(
    actor: Actor,
    input: { currentPassword: string; password: string },
  ): Promise<string> {
    const user = await users.find(actor.userId);
    await requireCurrentPassword(actor, user?.hashedPassword ?? null, input.currentPassword);
    requireGoodPassword(input.password, { employeeId: actor.employeeId, email: user?.email ?? '' });
    if (input.password === input.currentPassword) {
      throw new InvalidError('password_refused', 'That is your current password.', {
        fields: { password: 'Choose a password that differs from the current one.' },
      });
    }
    return hasher.hash(input.password);
  };

  /** A browser left open must not become a way to guess the password: counted as sign-ins are, but apart from them. */
  async function requireCurrentPassword(
    actor: Actor,
    hash: string | null,
    currentPassword: string,
  ): Promise<void> {
    const admission = throttle.admit({
      account: `password of ${actor.userId}`,
      address: `session of ${actor.userId}`,
    });
    const matches = await hasher.verify(hash, currentPassword).catch((error: unknown) => {
      admission.withdraw();
      throw error;
    });
    if (matches) return admission.succeeded();
    audit.record(actor, { action: 'password.change', outcome: 'refused' });
    throw new InvalidError('current_password_wrong', 'Your password was not changed.', {
      fields: { currentPassword: 'That is not your current password.' },
    });
  }
}
