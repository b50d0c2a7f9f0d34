import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { createJWT, parseJWT } from 'oslo/jwt';

const ALGORITHM = 'HS256';
const ISSUER = 'backlogue';
const AUDIENCE = 'backlogue-session';
/** Our own tokens have about 300 characters; anything far beyond is not worth hashing. */
const LONGEST_TOKEN = 2_048;

export interface SessionToken {
  /** The session's secret id. Only its digest is stored. */
  secretId: string;
  /** Seconds since 1970. */
  expiresAt: number;
}

/** A JWT for the session cookie, signed with the newest key. */
export function signSessionToken(token: SessionToken, signingKeys: readonly Buffer[]): Promise<string> {
  const key = signingKeys[0];
  if (key === undefined) throw new Error('A session cannot be signed without a key.');
  return createJWT(
    ALGORITHM,
    new Uint8Array(key),
    { exp: token.expiresAt },
    { issuer: ISSUER, audiences: [AUDIENCE], jwtId: token.secretId },
  );
}

/**
 * What a cookie says, or null: not a JWT, another algorithm (`none` among them), a key that is not ours, a missing
 * claim, expired. The signature is checked before a claim is believed. `now` in milliseconds since 1970.
 */
export function readSessionToken(
  text: string,
  signingKeys: readonly Buffer[],
  now: number,
): SessionToken | null {
  if (text.length > LONGEST_TOKEN) return null;
  const jwt = parsed(text);
  if (jwt === null || jwt.algorithm !== ALGORITHM) return null;
  // oslo's own check reads the wall clock and is asynchronous; this runs on every socket event.
  const [header, payload, signature] = jwt.parts;
  if (!signingKeys.some((key) => isSignedWith(key, `${header}.${payload}`, signature))) return null;
  if (jwt.issuer !== ISSUER || jwt.audiences?.length !== 1 || jwt.audiences[0] !== AUDIENCE) return null;
  if (jwt.jwtId === null || jwt.expiresAt === null || jwt.expiresAt.getTime() <= now) return null;
  return { secretId: jwt.jwtId, expiresAt: jwt.expiresAt.getTime() / 1_000 };
}

/** What the database knows a session by: a copy of it signs nobody in. */
export function sessionDigest(secretId: string): string {
  return createHash('sha256').update(secretId).digest('hex');
}

function parsed(text: string): ReturnType<typeof parseJWT> {
  try {
    return parseJWT(text);
  } catch {
    return null;
  }
}

function isSignedWith(key: Buffer, signed: string, signature: string): boolean {
  const expected = createHmac('sha256', key).update(signed).digest();
  const given = Buffer.from(signature, 'base64url');
  return given.length === expected.length && timingSafeEqual(given, expected);
}
