import { createHash, randomBytes } from 'node:crypto';

const KEY_BYTES = 32;
/** Enough to tell one's keys apart, and far from enough to guess the rest. */
const SHOWN_CHARACTERS = 8;
const FORM = /^blk_[A-Za-z0-9_-]{43}$/;

/** A new personal key. With 256 random bits a plain digest keeps it safe: there is nothing to guess. */
export function newApiKey(): { text: string; prefix: string; hash: string } {
  const text = `blk_${randomBytes(KEY_BYTES).toString('base64url')}`;
  return { text, prefix: text.slice(0, SHOWN_CHARACTERS), hash: apiKeyHash(text) };
}

/** SHA-256, hex: what is stored and looked up. */
export function apiKeyHash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** The key of an `Authorization: Bearer blk_...` header; null where it holds anything else. */
export function readBearerKey(authorization: string): string | null {
  const [scheme, text, ...rest] = authorization.trim().split(/ +/);
  if (scheme?.toLowerCase() !== 'bearer' || text === undefined || rest.length > 0) return null;
  return FORM.test(text) ? text : null;
}
