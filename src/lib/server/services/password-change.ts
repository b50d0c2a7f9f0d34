import { InvalidError } from '../errors/app-error.ts';
import type { UserRepository } from '../repositories/user-repository.ts';
import type { PasswordHasher } from '../security/password-hash.ts';
import { requireGoodPassword } from '../security/password-rules.ts';
import type { PasswordProof } from './password-proof.ts';
import type { Actor } from './services.ts';

interface PasswordChangeDeps {
  users: Pick<UserRepository, 'find'>;
  hasher: PasswordHasher;
  provePassword: PasswordProof;
}

/**
 * Makes the check that comes before a password is changed. It resolves with the hash of the new one.
 * @throws InvalidError `current_password_wrong`, `password_refused`; BusyError while throttled.
 */
export function createPasswordChange({ users, hasher, provePassword }: PasswordChangeDeps) {
  return async function newPasswordHash(
    actor: Actor,
    input: { currentPassword: string; password: string },
  ): Promise<string> {
    await provePassword(actor, input.currentPassword, {
      refused: { action: 'password.change' },
      sentence: 'Your password was not changed.',
    });
    const user = await users.find(actor.userId);
    await requireGoodPassword(input.password, { employeeId: actor.employeeId, email: user?.email ?? '' });
    if (input.password === input.currentPassword) {
      throw new InvalidError('password_refused', 'That is your current password.', {
        fields: { password: 'Choose a password that differs from the current one.' },
      });
    }
    return hasher.hash(input.password);
  };
}
