import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createVault } from './encryption.ts';
import { createRedactor } from './redaction.ts';
import { withUnmentionableSecrets } from './unmentionable-secrets.ts';

const place = { userId: 'u1', table: 'user', field: 'encrypted_jira_pat' };

function setUp() {
  const key = randomBytes(32);
  const plainVault = createVault({ newestId: 'k1', key: () => key });
  const redactor = createRedactor();
  return { plainVault, redactor, vault: withUnmentionableSecrets(plainVault, redactor) };
}

describe('a secret that passed through the vault', () => {
  it('cannot be mentioned once it was stored', () => {
    const { vault, redactor } = setUp();
    vault.seal('plain-looking-words', place);
    expect(redactor.redact('Jira said: plain-looking-words is wrong')).toBe('Jira said: [redacted] is wrong');
  });

  it('cannot be mentioned once it was opened, also after a restart', () => {
    const { plainVault, vault, redactor } = setUp();
    const sealed = plainVault.seal('plain-looking-words', place);
    expect(redactor.redact('plain-looking-words')).toBe('plain-looking-words');
    expect(vault.open(sealed, place)).toBe('plain-looking-words');
    expect(redactor.redact('plain-looking-words')).toBe('[redacted]');
  });

  it('is no certificate: those are public', () => {
    const { vault, redactor } = setUp();
    vault.seal('-----BEGIN CERTIFICATE-----', { ...place, field: 'jira_encrypted_ca' });
    expect(redactor.redact('-----BEGIN CERTIFICATE-----')).toBe('-----BEGIN CERTIFICATE-----');
  });
});
