import type { Vault } from './encryption.ts';
import type { Redactor } from './redaction.ts';

/**
 * The vault, which tells the redactor every secret that passes through it, in either direction: whatever a remote
 * system or a library may quote of it afterwards, no log line shows it. Certificates are public and long, so they
 * stay out.
 */
export function withUnmentionableSecrets(vault: Vault, { register }: Pick<Redactor, 'register'>): Vault {
  return {
    seal(text, place) {
      if (isSecret(place.field)) register(text);
      return vault.seal(text, place);
    },
    open(sealed, place) {
      const text = vault.open(sealed, place);
      if (isSecret(place.field)) register(text);
      return text;
    },
    isOutdated: vault.isOutdated,
  };
}

function isSecret(field: string): boolean {
  return !field.endsWith('_ca');
}
