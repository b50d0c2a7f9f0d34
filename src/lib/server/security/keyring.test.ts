import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addKey, dropRetiredKeys, openKeyring } from './keyring.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'backlogue-keys-'));
  file = join(folder, 'below', 'backlogue.key');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const open = (mayCreate = true) => openKeyring({ file, env: null, mayCreate });

describe('openKeyring', () => {
  it('makes a key file at the first start that only its owner can read, and reads the same keys ever after', () => {
    const first = open();
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, 'below')).mode & 0o777).toBe(0o700);
    const again = open(false);
    expect(again.key('k1')).toEqual(first.key('k1'));
    expect(again.key('k1')).toHaveLength(32);
    expect(again.checks).toEqual(first.checks);
  });

  it('makes no fresh keys where data exists that they could not read', () => {
    expect(() => open(false)).toThrow(expect.objectContaining({ code: 'keyring_missing' }));
    expect(statSync(file, { throwIfNoEntry: false })).toBeUndefined();
  });

  it('refuses a file that others may read', () => {
    open();
    chmodSync(file, 0o640);
    expect(() => open()).toThrow(expect.objectContaining({ code: 'keyring_exposed' }));
  });

  it.each(['', '{}', 'not json', '{"version":1,"root":"c2hvcnQ=","keys":[]}'])(
    'refuses %j without repeating it',
    (text) => {
      open();
      writeFileSync(file, text);
      expect(() => open()).toThrow(expect.objectContaining({ code: 'keyring_unreadable', cause: undefined }));
    },
  );

  it('takes the text of a key file from the environment instead', () => {
    const fromFile = open();
    const fromEnv = openKeyring({
      file: join(folder, 'nowhere'),
      env: readFileSync(file, 'utf8'),
      mayCreate: false,
    });
    expect(fromEnv.checks).toEqual(fromFile.checks);
  });

  it('uses a different key for each purpose', () => {
    const keyring = open();
    const secrets = [keyring.key('k1'), keyring.pepper, keyring.auditKey, ...keyring.signingKeys].map((key) =>
      key?.toString('hex'),
    );
    expect(new Set(secrets).size).toBe(secrets.length);
  });
});

describe('rotation', () => {
  it('seals with the added key, keeps the older one, the pepper and the audit key', () => {
    const before = open();
    const after = addKey(file);
    expect(after.ids).toEqual(['k1', 'k2']);
    expect(after.newestId).toBe('k2');
    expect(after.key('k1')).toEqual(before.key('k1'));
    expect(after.pepper).toEqual(before.pepper);
    expect(after.auditKey).toEqual(before.auditKey);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('lets sessions of the key before the newest live on, and not those before', () => {
    const [first] = open().signingKeys;
    expect(addKey(file).signingKeys[1]).toEqual(first);
    expect(addKey(file).signingKeys).toHaveLength(2);
    expect(open().signingKeys).not.toContainEqual(first);
  });

  it('drops the keys before the two newest', () => {
    open();
    addKey(file);
    const added = addKey(file);
    const left = dropRetiredKeys(file);
    expect(left.ids).toEqual(['k2', 'k3']);
    expect(left.key('k3')).toEqual(added.key('k3'));
    expect(left.key('k1')).toBeNull();
  });
});
