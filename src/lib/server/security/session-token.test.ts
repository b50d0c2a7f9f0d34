import { createHmac, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readSessionToken, sessionDigest, signSessionToken } from './session-token.ts';

const [newest, previous, retired] = [randomBytes(32), randomBytes(32), randomBytes(32)];
const keys = [newest, previous];
const EXPIRES_AT = 1_700_000_000;
const BEFORE_MS = EXPIRES_AT * 1_000 - 1;
const token = { secretId: 'secret-id', expiresAt: EXPIRES_AT };

const validClaims = { exp: EXPIRES_AT, iss: 'backlogue', aud: ['backlogue-session'], jti: 'secret-id' };

/** A JWT by hand, to say what ours never says. */
function forge(
  claims: object,
  { header = { alg: 'HS256', typ: 'JWT' } as object, key = newest } = {},
): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = `${part(header)}.${part(claims)}`;
  return `${signed}.${createHmac('sha256', key).update(signed).digest('base64url')}`;
}

describe('session token', () => {
  it('is read back until the very second of its expiry', async () => {
    const text = await signSessionToken(token, keys);
    expect(readSessionToken(text, keys, BEFORE_MS)).toEqual(token);
    expect(readSessionToken(text, keys, EXPIRES_AT * 1_000)).toBeNull();
  });

  it('is believed under the key before the newest, and not under one before that', async () => {
    expect(readSessionToken(await signSessionToken(token, [previous]), keys, BEFORE_MS)).toEqual(token);
    expect(readSessionToken(await signSessionToken(token, [retired]), keys, BEFORE_MS)).toBeNull();
  });

  it('is believed when every claim is there', () => {
    expect(readSessionToken(forge(validClaims), keys, BEFORE_MS)).toEqual(token);
  });

  it.each(['exp', 'iss', 'aud', 'jti'])('is not believed without %s', (claim) => {
    expect(readSessionToken(forge({ ...validClaims, [claim]: undefined }), keys, BEFORE_MS)).toBeNull();
  });

  it.each([
    ['another issuer', { iss: 'elsewhere' }],
    ['another audience', { aud: ['api'] }],
    ['one audience more', { aud: ['backlogue-session', 'api'] }],
    ['an expiry that is no number', { exp: 'never' }],
  ])('is not believed with %s', (_, claims) => {
    expect(readSessionToken(forge({ ...validClaims, ...claims }), keys, BEFORE_MS)).toBeNull();
  });

  it.each(['none', 'HS384', 'RS256'])('is not believed with the algorithm %s', (alg) => {
    expect(readSessionToken(forge(validClaims, { header: { alg, typ: 'JWT' } }), keys, BEFORE_MS)).toBeNull();
  });

  it('never throws and never believes what was not signed', () => {
    const anything = fc.oneof(
      fc.string(),
      fc.array(fc.base64String(), { minLength: 3, maxLength: 3 }).map((parts) => parts.join('.')),
    );
    fc.assert(fc.property(anything, (text) => readSessionToken(text, keys, BEFORE_MS) === null));
  });

  it('is stored as a digest that does not give it back', () => {
    expect(sessionDigest('secret-id')).toMatch(/^[0-9a-f]{64}$/);
    expect(sessionDigest('secret-id')).not.toContain('secret');
  });
});
