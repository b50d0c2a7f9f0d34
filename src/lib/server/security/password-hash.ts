import { createHmac } from 'node:crypto';
import type { HashQueue } from './hash-queue.ts';

export interface PasswordHasher {
  /** @throws BusyError `sign_in_busy` when the queue is full. */
  hash(password: string): Promise<string>;
  /**
   * Null stands for a person who does not exist: false, after the same work, so that the time tells nothing.
   * @throws BusyError `sign_in_busy` when the queue is full.
   */
  verify(hash: string | null, password: string): Promise<boolean>;
  /** Whether the hash was made with a lower cost than new ones are. */
  isOutdated(hash: string): boolean;
}

/** Where bcrypt is computed. */
export interface Bcrypt {
  hash(text: string, cost: number): Promise<string>;
  verify(text: string, hash: string): Promise<boolean>;
}

interface PasswordHasherDeps {
  pepper: Buffer;
  queue: HashQueue;
  bcrypt: Bcrypt;
  /** bcrypt's work factor; each step doubles the time. */
  cost: number;
}

/** bcrypt over a keyed digest of the password: a stolen database without the keyring is of no use for guessing. */
export function createPasswordHasher({ pepper, queue, bcrypt, cost }: PasswordHasherDeps): PasswordHasher {
  const decoy = decoyHash(cost);

  async function verify(hash: string | null, password: string): Promise<boolean> {
    const matches = await queue.run(() => bcrypt.verify(digest(password, pepper), hash ?? decoy));
    return matches && hash !== null;
  }

  return {
    hash: (password) => queue.run(() => bcrypt.hash(digest(password, pepper), cost)),
    verify,
    isOutdated: (hash) => costOf(hash) < cost,
  };
}

/** It stands between the second and the third dollar sign. */
function costOf(hash: string): number {
  return Number(hash.split('$')[2]);
}

/** A well-formed hash (22 characters of salt, 31 of digest) that costs a real comparison and that nothing matches. */
function decoyHash(cost: number): string {
  return `$2b$${String(cost).padStart(2, '0')}$${'.'.repeat(22 + 31)}`;
}

/**
 * 64 characters of base64. bcrypt reads 72 bytes and stops at a NUL, so a long password would count in part only.
 * NFC first: one keyboard sends an accent composed, another one as two code points.
 */
function digest(password: string, pepper: Buffer): string {
  return createHmac('sha384', pepper).update(password.normalize('NFC')).digest('base64');
}
