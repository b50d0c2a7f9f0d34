import { AppError } from '../errors/app-error.ts';
import type { KeyringRepository } from '../repositories/keyring-repository.ts';
import type { Keyring } from '../security/keyring.ts';

interface KeyringCheckDeps {
  keyring: Pick<Keyring, 'checks'>;
  repository: KeyringRepository;
  clock: { now(): number };
}

/**
 * Makes sure at start that the keys are those which the data was written with, and notes keys that are new.
 * @throws AppError `keyring_wrong`: nothing has been changed, and the app must not start.
 */
export function requireMatchingKeyring({ keyring, repository, clock }: KeyringCheckDeps): void {
  const held = new Map(keyring.checks.map(({ keyId, check }) => [keyId, check]));
  const known = repository.checks();
  const wrong = known.filter(({ keyId, check }) => held.get(keyId) !== check).map(({ keyId }) => keyId);
  if (wrong.length > 0) {
    throw new AppError(
      'keyring_wrong',
      `The data was written with other keys: ${wrong.join(', ')} of the key file do not fit.`,
      {
        hint: 'Put back the key file that belongs to this data, or name its place in KEY_FILE. Nothing was changed.',
      },
    );
  }
  const knownIds = new Set(known.map(({ keyId }) => keyId));
  repository.add(
    keyring.checks.filter(({ keyId }) => !knownIds.has(keyId)),
    clock.now(),
  );
}

/** Whether the database holds anything that only existing keys can read: then no fresh key file may be made. */
export function needsExistingKeys(repository: KeyringRepository): boolean {
  return repository.checks().length > 0 || repository.hasPeople();
}
