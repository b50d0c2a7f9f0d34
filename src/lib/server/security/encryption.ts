import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { AppError } from '../errors/app-error.ts';
import type { Keyring } from './keyring.ts';

/** Where a sealed text lies: whose it is, in which table and column. It opens nowhere else. */
export interface SealedPlace {
  userId: string;
  table: string;
  field: string;
}

export interface Vault {
  /** `v1.<key id>.<IV>.<ciphertext>.<tag>`, the last three in base64url. Sealing twice gives two different texts. */
  seal(plain: string, place: SealedPlace): string;
  /** @throws AppError `secret_unreadable` for anything that this vault did not seal for this very place. */
  open(sealed: string, place: SealedPlace): string;
  /** Whether it was sealed with a key that is no longer the newest. */
  isOutdated(sealed: string): boolean;
}

const VERSION = 'v1';
const CIPHER = 'aes-256-gcm';
/** The size that NIST SP 800-38D recommends; random, so one key is good for 2^32 texts. */
const IV_BYTES = 12;
/** Stated on both sides: Node's decipher otherwise takes shortened tags, which are forged far more cheaply. */
const TAG_BYTES = 16;

/** Seals what must not be read from a stolen database or backup, with AES-256-GCM. */
export function createVault(keyring: Pick<Keyring, 'key' | 'newestId'>): Vault {
  function seal(plain: string, place: SealedPlace): string {
    const keyId = keyring.newestId;
    const key = keyring.key(keyId);
    if (key === null) throw new AppError('keyring_unreadable', 'The newest key is missing from the keyring.');
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv(CIPHER, key, iv, { authTagLength: TAG_BYTES });
    cipher.setAAD(boundTo(keyId, place));
    const ciphertext = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
    return [
      VERSION,
      keyId,
      ...[iv, ciphertext, cipher.getAuthTag()].map((part) => part.toString('base64url')),
    ].join('.');
  }

  function open(sealed: string, place: SealedPlace): string {
    const [version, keyId = '', ...encoded] = sealed.split('.');
    const key = keyring.key(keyId);
    const [iv, ciphertext, tag] = encoded.map(strictBase64Url);
    if (version !== VERSION || key === null || encoded.length !== 3 || !iv || !ciphertext || !tag)
      throw unreadable();
    if (iv.length !== IV_BYTES || tag.length !== TAG_BYTES) throw unreadable();
    const decipher = createDecipheriv(CIPHER, key, iv, { authTagLength: TAG_BYTES });
    decipher.setAAD(boundTo(keyId, place));
    decipher.setAuthTag(tag);
    try {
      return Buffer.concat([decipher.update(ciphertext), decipher.final()]).toString('utf8');
    } catch (cause) {
      throw unreadable(cause);
    }
  }

  return { seal, open, isOutdated: (sealed) => sealed.split('.')[1] !== keyring.newestId };
}

/** JSON, because joined texts could be cut elsewhere and mean another place. */
function boundTo(keyId: string, { userId, table, field }: SealedPlace): Buffer {
  return Buffer.from(JSON.stringify([VERSION, keyId, userId, table, field]));
}

/** Node skips what is not base64url, and leftover bits: then several texts would open to one plain text. */
function strictBase64Url(text: string): Buffer | null {
  const bytes = Buffer.from(text, 'base64url');
  return bytes.toString('base64url') === text ? bytes : null;
}

function unreadable(cause?: unknown): AppError {
  return new AppError('secret_unreadable', 'A stored secret cannot be read.', {
    hint: 'Enter it again. If many people see this, the administrator should check the key file.',
    cause,
  });
}
