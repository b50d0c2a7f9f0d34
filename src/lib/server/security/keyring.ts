import { createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { AppError } from '../errors/app-error.ts';
import { writeSecretFile } from './secret-file.ts';

export const KEY_BYTES = 32;
/** Sessions signed with the key before the newest stay valid; older ones sign in again. */
const SIGNING_KEYS = 2;

/** The keys of this installation. Everything in it is secret but the ids and the checks. */
export interface Keyring {
  /** Ids in the order of their making; the last one seals. */
  ids: readonly string[];
  newestId: string;
  /** The 32 bytes of a key, or null for an id that this keyring does not hold. */
  key(id: string): Buffer | null;
  /** At most two, newest first: the first signs sessions, each may verify them. */
  signingKeys: readonly Buffer[];
  /** Mixed into passwords before hashing. Stays the same when keys rotate. */
  pepper: Buffer;
  /** Chains the audit log. Stays the same when keys rotate. */
  auditKey: Buffer;
  /** One-way marks of the keys and of the root, to be kept beside the data. */
  checks: readonly { keyId: string; check: string }[];
}

const secretSchema = z
  .base64()
  .transform((text) => Buffer.from(text, 'base64'))
  .refine((bytes) => bytes.length === KEY_BYTES);

/** The text of a key file, and of ENCRYPTION_KEYS. */
const keyFileSchema = z.object({
  version: z.literal(1),
  /** What never rotates: pepper and audit chain derive from it. */
  root: secretSchema,
  keys: z
    .array(z.object({ id: z.string().regex(/^k[1-9][0-9]{0,5}$/), secret: secretSchema }))
    .min(1)
    .refine((keys) => new Set(keys.map(({ id }) => id)).size === keys.length),
});
type KeyFile = z.infer<typeof keyFileSchema>;

interface KeyringSource {
  /** Where the keys lie; read unless `env` is given. */
  file: string;
  /** The text of a key file, handed in by the platform. */
  env: string | null;
  /** Whether a missing file may be made. False as soon as there is data: fresh keys could not read it. */
  mayCreate: boolean;
}

/**
 * Opens the keyring, making a key file that only its owner can read at the first start.
 * @throws AppError `keyring_missing`, `keyring_unreadable`, `keyring_exposed`: each a sentence for the operator.
 */
export function openKeyring({ file, env, mayCreate }: KeyringSource): Keyring {
  if (env !== null) return toKeyring(parseKeyFile(env, 'ENCRYPTION_KEYS'));
  const text = readKeyFile(file);
  if (text !== null) return toKeyring(parseKeyFile(text, file));
  if (!mayCreate) {
    throw new AppError(
      'keyring_missing',
      `The key file ${file} is not there, and the data can only be read with it.`,
      {
        hint: 'Put the file back from where you keep it, or name its place in KEY_FILE.',
      },
    );
  }
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const fresh = JSON.stringify({ version: 1, root: newSecret(), keys: [{ id: 'k1', secret: newSecret() }] });
  writeSecretFile(file, `${fresh}\n`);
  return toKeyring(parseKeyFile(fresh, file));
}

/** Adds a key that seals from now on, and returns the keyring with it. Older keys stay, to open what they sealed. */
export function addKey(file: string): Keyring {
  const held = rawKeyFile(file);
  const next = Math.max(...held.keys.map(({ id }) => Number(id.slice(1)))) + 1;
  return replaceKeyFile(file, { ...held, keys: [...held.keys, { id: `k${next}`, secret: newSecret() }] });
}

/**
 * Keeps the newest key, and the one before it, under which sessions are still valid. Call it once nothing is sealed
 * with the others.
 */
export function dropRetiredKeys(file: string): Keyring {
  const held = rawKeyFile(file);
  return replaceKeyFile(file, { ...held, keys: held.keys.slice(-SIGNING_KEYS) });
}

function toKeyring({ root, keys }: KeyFile): Keyring {
  const newestFirst = keys.toReversed();
  const newest = newestFirst[0];
  if (newest === undefined) throw new AppError('keyring_unreadable', 'The keyring holds no key.');
  return {
    ids: keys.map(({ id }) => id),
    newestId: newest.id,
    key: (id) => keys.find((key) => key.id === id)?.secret ?? null,
    signingKeys: newestFirst.slice(0, SIGNING_KEYS).map(({ secret }) => derive(secret, 'session signing')),
    pepper: derive(root, 'password pepper'),
    auditKey: derive(root, 'audit chain'),
    checks: [
      { keyId: 'root', check: checkOf(root) },
      ...keys.map(({ id, secret }) => ({ keyId: id, check: checkOf(secret) })),
    ],
  };
}

/** Keys for other purposes are derived, so that one secret never serves two algorithms. */
function derive(secret: Buffer, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', `backlogue ${purpose}`, KEY_BYTES));
}

function checkOf(secret: Buffer): string {
  return createHmac('sha256', derive(secret, 'key check')).update('check').digest('hex');
}

function parseKeyFile(text: string, where: string): KeyFile {
  const parsed = keyFileSchema.safeParse(parsedJson(text));
  if (parsed.success) return parsed.data;
  // Neither the text nor zod's issues are passed on: both may hold key material.
  throw new AppError('keyring_unreadable', `${where} does not hold the text of a Backlogue key file.`, {
    hint: 'It is one JSON object with "version", "root" and "keys". Put the original back.',
  });
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function readKeyFile(file: string): string | null {
  const status = statSync(file, { throwIfNoEntry: false });
  if (status === undefined) return null;
  const readableByOthers = process.platform !== 'win32' && (status.mode & 0o077) !== 0;
  if (readableByOthers) {
    throw new AppError('keyring_exposed', `Others on this machine may read the key file ${file}.`, {
      hint: `Close it with: chmod 600 ${file}`,
    });
  }
  return readFileSync(file, 'utf8');
}

function rawKeyFile(file: string): { version: 1; root: string; keys: { id: string; secret: string }[] } {
  const text = readKeyFile(file);
  if (text === null) throw new AppError('keyring_missing', `The key file ${file} is not there.`);
  parseKeyFile(text, file);
  return JSON.parse(text);
}

function replaceKeyFile(file: string, content: ReturnType<typeof rawKeyFile>): Keyring {
  const text = `${JSON.stringify(content)}\n`;
  writeSecretFile(file, text);
  chmodSync(file, 0o600);
  return toKeyring(parseKeyFile(text, file));
}

function newSecret(): string {
  return randomBytes(KEY_BYTES).toString('base64');
}
