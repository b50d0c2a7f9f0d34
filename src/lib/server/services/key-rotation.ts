import type { KeyringRepository } from '../repositories/keyring-repository.ts';
import type { SealedTextRepository } from '../repositories/sealed-text-repository.ts';
import { createVault } from '../security/encryption.ts';
import { addKey, dropRetiredKeys, type Keyring } from '../security/keyring.ts';

interface KeyRotationDeps {
  keyFile: string;
  /** As the file holds it now. */
  keyring: Keyring;
  sealed: SealedTextRepository;
  checks: KeyringRepository;
  clock: { now(): number };
}

/**
 * Seals everything with a new key and lets keys go that nothing needs any more. Returns how many texts were resealed.
 * A rotation that was cut off is taken up where it stopped: at every moment the file holds each key that some text
 * needs, because a key comes before the first text that it seals and goes after the last. The app must not run: it
 * would go on sealing with the keys that it has read.
 */
export function rotateKeys({ keyFile, keyring, sealed, checks, clock }: KeyRotationDeps): number {
  const isUnfinished = sealed.all().some(({ text }) => createVault(keyring).isOutdated(text));
  const current = isUnfinished ? keyring : addKey(keyFile);
  const newChecks = current.checks.filter(({ keyId }) => !keyring.ids.includes(keyId) && keyId !== 'root');
  checks.add(newChecks, clock.now());

  const vault = createVault(current);
  const outdated = sealed.all().filter(({ text }) => vault.isOutdated(text));
  for (const found of outdated)
    sealed.replace(found, vault.seal(vault.open(found.text, found.place), found.place));

  // The database first: a check without its key keeps the app from starting, a key without its check does not.
  const retired = current.ids.slice(0, -2);
  checks.remove([...retired]);
  if (retired.length > 0) dropRetiredKeys(keyFile);
  return outdated.length;
}
