import { describe, expect, it } from 'vitest';
import { sealForPeople } from '../../../../tests/support/sealed-people.ts';
import { openDatabase } from '../db/connection.ts';
import { createKeyringRepository } from '../repositories/keyring-repository.ts';
import { createSealedTextRepository } from '../repositories/sealed-text-repository.ts';
import { rotateKeys } from '../services/key-rotation.ts';
import { rotateAllKeys } from './keys-rotate.ts';

const PEOPLE = 4;
const clock = { now: () => 1 };
const setUp = () => sealForPeople(PEOPLE);

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
