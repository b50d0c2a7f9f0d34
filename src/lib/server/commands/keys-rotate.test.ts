import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { addPerson } from '../../../../tests/support/people.ts';
import { openTempDatabase } from '../../../../tests/support/temp-database.ts';
import { openDatabase } from '../db/connection.ts';
import { createConnectionRepository, sealedPlaces } from '../repositories/connection-repository.ts';
import { createKeyringRepository } from '../repositories/keyring-repository.ts';
import { createSealedTextRepository } from '../repositories/sealed-text-repository.ts';
import { createVault } from '../security/encryption.ts';
import { openKeyring } from '../security/keyring.ts';
import { rotateKeys } from '../services/key-rotation.ts';
import { requireMatchingKeyring } from '../services/keyring-check.ts';
import { rotateAllKeys } from './keys-rotate.ts';

const PEOPLE = 4;
const clock = { now: () => 1 };

/** Some people with three sealed texts each, their database closed as after a stop of the app. */
async function setUp() {
  const temp = openTempDatabase();
  const env = { DATA_DIR: temp.folder, KEY_FILE: join(temp.folder, 'keys', 'backlogue.key') };
  const keyring = () => openKeyring({ file: env.KEY_FILE, env: null, mayCreate: true });
  const vault = createVault(keyring());
  const connections = createConnectionRepository(temp.db);
  requireMatchingKeyring({ keyring: keyring(), repository: createKeyringRepository(temp.db), clock });
  for (let number = 1; number <= PEOPLE; number += 1) {
    const userId = `user-${number}`;
    const encryptedJiraPat = vault.seal(`jira ${userId}`, { userId, ...sealedPlaces.jira.secret });
    addPerson(temp.db, { id: userId, employeeId: userId, name: userId, encryptedJiraPat });
    const encryptedSecret = vault.seal(`wiki ${userId}`, { userId, ...sealedPlaces.confluence.secret });
    const encryptedCa = vault.seal(`ca ${userId}`, { userId, ...sealedPlaces.confluence.ca });
    await connections.save(userId, 'confluence', {
      url: null,
      encryptedSecret,
      verifyTls: true,
      encryptedCa,
      changedAt: 1,
    });
  }
  temp.db.close();

  /** Starts as the app does, with the keys that lie there, and opens every text. */
  function allReadable(): string[] {
    const db = openDatabase(temp.file);
    try {
      requireMatchingKeyring({ keyring: keyring(), repository: createKeyringRepository(db), clock });
      const opened = createVault(keyring());
      return createSealedTextRepository(db)
        .all()
        .map(({ place, text }) => opened.open(text, place));
    } finally {
      db.close();
    }
  }
  return { ...temp, env, keyring, allReadable };
}

describe('keys-rotate', () => {
  it('seals everything with the new key, and keeps one former key for sessions', async () => {
    using temp = await setUp();
    const before = temp.allReadable();
    expect(before).toHaveLength(PEOPLE * 3);
    expect(rotateAllKeys(temp.env)).toMatchObject({
      exitCode: 0,
      line: expect.stringContaining(`${PEOPLE * 3} secrets`),
    });
    expect(rotateAllKeys(temp.env)).toMatchObject({ exitCode: 0 });
    expect(temp.allReadable()).toEqual(before);
    expect(temp.keyring().ids).toEqual(['k2', 'k3']);
  });

  it('refuses while the app has the database open', async () => {
    using temp = await setUp();
    const app = openDatabase(temp.file);
    expect(rotateAllKeys(temp.env)).toMatchObject({ exitCode: 1, line: expect.stringContaining('running') });
    app.close();
    expect(temp.keyring().ids).toEqual(['k1']);
  });

  it('leaves every text readable wherever it is cut off, and is taken up by the next one', async () => {
    using temp = await setUp();
    const before = temp.allReadable();
    for (let writesUntilCut = 0; writesUntilCut < PEOPLE * 3; writesUntilCut += 1) {
      const db = openDatabase(temp.file);
      const sealed = createSealedTextRepository(db);
      let writes = 0;
      const cutOff = {
        ...sealed,
        replace: (...change: Parameters<typeof sealed.replace>) => {
          if ((writes += 1) > writesUntilCut) throw new Error('killed');
          sealed.replace(...change);
        },
      };
      const rotation = {
        keyFile: temp.env.KEY_FILE,
        keyring: temp.keyring(),
        checks: createKeyringRepository(db),
        clock,
      };
      expect(() => rotateKeys({ ...rotation, sealed: cutOff })).toThrow('killed');
      db.close();
      expect(temp.allReadable()).toEqual(before);
      expect(rotateAllKeys(temp.env).exitCode).toBe(0);
      expect(temp.allReadable()).toEqual(before);
    }
    expect(temp.keyring().ids).toHaveLength(2);
  });
});
