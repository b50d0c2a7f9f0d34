import type { ConnectionForm, ConnectionKind } from '../../contracts/connection.ts';
import { InvalidError } from '../errors/app-error.ts';
import { sealedPlaces, type StoredConnection } from '../repositories/connection-repository.ts';
import { readCaCertificates } from '../security/ca-certificate.ts';
import type { Vault } from '../security/encryption.ts';

interface ConnectionChangeDeps {
  vault: Vault;
  /** The URL guard's word: null, or a sentence why that URL is not called. */
  refuseUrl(url: string): string | null;
  confluenceTokenMaxLength(): number;
  clock: { now(): number };
}

interface Before {
  userId: string;
  kind: ConnectionKind;
  stored: StoredConnection | null;
  /** Where the connection leads before the change. */
  url: string | null;
}

/**
 * Applies a form to a stored connection. Returns what to store, and nothing is stored yet.
 * @throws InvalidError `connection_refused` or `ca_refused` with a sentence for the field.
 */
export function changedConnection(
  deps: ConnectionChangeDeps,
  before: Before,
  form: ConnectionForm,
): Omit<StoredConnection, 'test'> {
  const { vault, clock } = deps;
  const { userId, kind, stored } = before;
  const url = changedUrl(deps, before, form);
  const secret = form.secret.trim();
  if (secret !== '') requireUsableSecret(deps, kind, secret);
  const ca = form.caPem.trim() === '' ? null : readCaCertificates(form.caPem, clock.now());
  const places = sealedPlaces[kind];
  return {
    url,
    encryptedSecret:
      secret === '' ? (stored?.encryptedSecret ?? null) : vault.seal(secret, { userId, ...places.secret }),
    verifyTls: form.verifyTls,
    encryptedCa:
      ca === null
        ? form.removeCa
          ? null
          : (stored?.encryptedCa ?? null)
        : vault.seal(ca.pem, { userId, ...places.ca }),
    changedAt: changeTime(stored, clock),
  };
}

/** Later than the last test even within one millisecond, or that test would speak for what it has not seen. */
export function changeTime(stored: StoredConnection | null, clock: { now(): number }): number {
  return Math.max(clock.now(), (stored?.test?.testedAt ?? 0) + 1, (stored?.changedAt ?? 0) + 1);
}

function changedUrl(
  deps: ConnectionChangeDeps,
  { kind, stored, url: before }: Before,
  form: ConnectionForm,
): string | null {
  const typed = form.url?.trim().replace(/\/+$/, '') ?? '';
  const unchanged = stored?.url ?? null;
  if (typed === '' || typed === before) return unchanged;
  if (kind === 'llm')
    throw refused('url', 'The address of the model is the same for everybody, and set in config.json.');
  const refusal = deps.refuseUrl(typed);
  if (refusal !== null) throw refused('url', refusal);
  // A stored token must not be sent to wherever somebody at an open browser points the connection.
  const movesAway = before === null || new URL(typed).origin !== new URL(before).origin;
  if (movesAway && form.secret.trim() === '' && stored !== null && stored.encryptedSecret !== null) {
    throw refused(
      'secret',
      'Enter the token for the new address: the stored one is only sent where it was entered for.',
    );
  }
  return typed;
}

function requireUsableSecret(deps: ConnectionChangeDeps, kind: ConnectionKind, secret: string): void {
  const longest = deps.confluenceTokenMaxLength();
  if (kind === 'confluence' && secret.length > longest) {
    throw refused(
      'secret',
      `A Confluence token has at most ${longest} characters here, and this one has ${secret.length}.`,
    );
  }
  // It travels in a header: a line break would end it, and letters beyond ASCII would arrive as others.
  const allowed = kind === 'llm' ? /^[\x20-\x7e]+$/ : /^[\x21-\x7e]+$/;
  if (!allowed.test(secret))
    throw refused('secret', 'It holds a line break or a special letter. Copy it again.');
}

function refused(field: 'url' | 'secret', sentence: string): InvalidError {
  return new InvalidError('connection_refused', 'Nothing was saved.', { fields: { [field]: sentence } });
}
