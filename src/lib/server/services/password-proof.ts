import { InvalidError } from '../errors/app-error.ts';
import type { UserRepository } from '../repositories/user-repository.ts';
import type { PasswordHasher } from '../security/password-hash.ts';
import type { Throttle } from '../security/throttle.ts';
import type { Actor, AuditEntry, AuditService } from './services.ts';

interface PasswordProofDeps {
  users: Pick<UserRepository, 'find'>;
  hasher: PasswordHasher;
  throttle: Throttle;
  audit: AuditService;
}

/** What the password was asked for: how a wrong one is recorded, and what did not happen for it. */
export interface PasswordRequest {
  refused: Pick<AuditEntry, 'action' | 'detail'>;
  sentence: string;
  /** The form's field that a wrong one is told beside; `currentPassword` by default. */
  field?: string;
}

/**
 * Resolves when the password is the person's own.
 * @throws InvalidError `current_password_wrong`, audited; BusyError while throttled or while too many hash.
 */
export type PasswordProof = (
  actor: Actor,
  currentPassword: string,
  request: PasswordRequest,
) => Promise<void>;

/** Asks again who sits there: a browser left open must not change a password or show a secret. */
export function createPasswordProof({ users, hasher, throttle, audit }: PasswordProofDeps): PasswordProof {
  return async (actor, currentPassword, { refused, sentence, field = 'currentPassword' }) => {
    const user = await users.find(actor.userId);
    // Nor must it become a way to guess the password: counted as sign-ins are, but apart from them.
    const admission = throttle.admit({
      account: `password of ${actor.userId}`,
      address: `session of ${actor.userId}`,
    });
    const matches = await hasher
      .verify(user?.hashedPassword ?? null, currentPassword)
      .catch((error: unknown) => {
        admission.withdraw();
        throw error;
      });
    if (matches) return admission.succeeded();
    audit.record(actor, { ...refused, outcome: 'refused' });
    throw new InvalidError('current_password_wrong', sentence, {
      fields: { [field]: 'That is not your current password.' },
    });
  };
}
