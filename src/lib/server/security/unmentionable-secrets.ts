import type { Vault } from './encryption.ts';
import type { Redactor } from './redaction.ts';

/**
 * The vault, which tells the redactor every secret that passes through it, in either direction: whatever a remote
 * system or a library may quote of it afterwards, no log line shows it. Certificates are public and long, so they
 * stay out. What was opened is remembered, since each call out asks for it: the redactor has it in memory anyway.
 */
export function withUnmentionableSecrets(vault: Vault, { register }: Pick<Redactor, 'register'>): Vault {
  const opened = new Map<string, string>();
  return {
    seal(text, place) {
      if (isSecret(place.field)) register(text);
      return vault.seal(text, place);
    },
    open(sealed, place) {
      const key = JSON.stringify([place.userId, place.table, place.field, sealed]);
      const text = opened.get(key) ?? remember(key, vault.open(sealed, place));
      if (isSecret(place.field)) register(text);
      return text;
    },
    isOutdated: vault.isOutdated,
  };

  function remember(key: string, text: string): string {
    opened.set(key, text);
    if (opened.size > MOST_REMEMBERED) opened.delete(opened.keys().next().value ?? key);
    return text;
  }
}

const MOST_REMEMBERED = 2_000;

function isSecret(field: string): boolean {
  return !field.endsWith('_ca');
}
