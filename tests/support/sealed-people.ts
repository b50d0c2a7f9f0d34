import { join } from 'node:path';
import { openDatabase } from '../../src/lib/server/db/connection.ts';
import {
  createConnectionRepository,
  sealedPlaces,
} from '../../src/lib/server/repositories/connection-repository.ts';
import { createKeyringRepository } from '../../src/lib/server/repositories/keyring-repository.ts';
import { createSealedTextRepository } from '../../src/lib/server/repositories/sealed-text-repository.ts';
import { createVault } from '../../src/lib/server/security/encryption.ts';
import { openKeyring } from '../../src/lib/server/security/keyring.ts';
import { requireMatchingKeyring } from '../../src/lib/server/services/keyring-check.ts';
import { addPerson } from './people.ts';
import { openTempDatabase } from './temp-database.ts';

const clock = { now: () => 1 };

/** Some people with three sealed texts each, their database closed as after a stop of the app. */
export async function sealForPeople(people: number) {
  const temp = openTempDatabase();
  const env = { DATA_DIR: temp.folder, KEY_FILE: join(temp.folder, 'keys', 'backlogue.key') };
  const keyring = () => openKeyring({ file: env.KEY_FILE, env: null, mayCreate: true });
  const vault = createVault(keyring());
  const connections = createConnectionRepository(temp.db);
  requireMatchingKeyring({ keyring: keyring(), repository: createKeyringRepository(temp.db), clock });
  for (let number = 1; number <= people; number += 1) {
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
