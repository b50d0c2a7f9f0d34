import { createWriteStream, existsSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { openDatabase } from '../db/connection.ts';
import { AppError, NotFoundError } from '../errors/app-error.ts';
import { createAuditRepository } from '../repositories/audit-repository.ts';
import { createKeyringRepository } from '../repositories/keyring-repository.ts';
import { createPersonDataRepository } from '../repositories/person-data-repository.ts';
import { createUserRepository } from '../repositories/user-repository.ts';
import { openKeyring } from '../security/keyring.ts';
import { auditLink } from '../services/audit-chain.ts';
import { requireMatchingKeyring } from '../services/keyring-check.ts';
import { personDocument } from '../services/person-document.ts';
import type { Settings } from '../settings/settings.ts';

interface PersonExport {
  settings: Pick<Settings, 'dataDir' | 'keyFile' | 'encryptionKeys'>;
  employeeId: string;
  /** Must not be there yet. */
  file: string;
  clock: { now(): number };
}

/**
 * Writes all that is stored of a person, but for secrets, into a file that only its owner reads, and says so in the audit
 * log. Safe beside the running app.
 * @throws AppError `person_missing`, `file_exists`, `database_missing`, or of keys that do not fit.
 */
export async function exportPerson({ settings, employeeId, file, clock }: PersonExport): Promise<void> {
  const databaseFile = join(settings.dataDir, 'app.db');
  if (!existsSync(databaseFile))
    throw new AppError('database_missing', `There is no database at ${databaseFile}.`);
  if (existsSync(file)) throw new AppError('file_exists', `${file} is there already. Nothing was written.`);
  const keyring = openKeyring({ file: settings.keyFile, env: settings.encryptionKeys, mayCreate: false });
  const db = openDatabase(databaseFile);
  try {
    requireMatchingKeyring({ keyring, repository: createKeyringRepository(db), clock });
    const person = await createUserRepository(db).findByEmployeeId(employeeId);
    if (person === null)
      throw new NotFoundError('person_missing', `Nobody has the employee id ${employeeId}.`);
    // First: what left the database without a word in the log would be the worse half.
    const event = { action: 'person.export', outcome: 'ok', detail: '{"by":"command"}' } as const;
    createAuditRepository(db).append(
      { ...event, at: clock.now(), userId: person.id, employeeId: person.employeeId, requestId: null },
      (placed, before) => auditLink(keyring.auditKey, placed, before),
    );
    const document = personDocument(createPersonDataRepository(db), person.id);
    await pipeline(Readable.from(document), createWriteStream(file, { flags: 'wx', mode: 0o600 }));
  } finally {
    db.close();
  }
}
