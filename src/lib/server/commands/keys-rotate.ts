import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { systemClock } from '../clock.ts';
import { isOpenElsewhere, openDatabase } from '../db/connection.ts';
import { isMigrated } from '../db/migrate.ts';
import { AppError } from '../errors/app-error.ts';
import { createAuditRepository } from '../repositories/audit-repository.ts';
import { createKeyringRepository } from '../repositories/keyring-repository.ts';
import { createSealedTextRepository } from '../repositories/sealed-text-repository.ts';
import { openKeyring } from '../security/keyring.ts';
import { auditLink } from '../services/audit-chain.ts';
import { rotateKeys } from '../services/key-rotation.ts';
import { requireMatchingKeyring } from '../services/keyring-check.ts';
import { readSettings, type Environment } from '../settings/settings.ts';

/** Seals all stored secrets with a new key: `keys-rotate`. The app must be stopped; starting it again is safe at any point. */
export function rotateAllKeys(env: Environment): { exitCode: 0 | 1; line: string } {
  try {
    const settings = readSettings(env);
    const keyFile = settings.keyFile;
    if (settings.encryptionKeys !== null)
      return refused('The keys come from ENCRYPTION_KEYS. Rotate them in a key file, then hand its text in.');
    const file = join(settings.dataDir, 'app.db');
    if (!existsSync(file)) return refused(`There is no database at ${file}.`);
    const keyring = openKeyring({ file: keyFile, env: null, mayCreate: false });
    const db = openDatabase(file);
    try {
      if (isOpenElsewhere(db))
        return refused('The app is running. Stop it first: it would go on sealing with the old key.');
      // Its last step writes a row as this version has them.
      if (!isMigrated(db, 'drizzle'))
        return refused('The database is of another version. Start the app once, stop it, and rotate then.');
      const checks = createKeyringRepository(db);
      requireMatchingKeyring({ keyring, repository: checks, clock: systemClock });
      const resealed = rotateKeys({
        keyFile,
        keyring,
        sealed: createSealedTextRepository(db),
        checks,
        clock: systemClock,
      });
      const event = { action: 'keys.rotate', outcome: 'ok' as const, detail: JSON.stringify({ resealed }) };
      const byNobodyKnown = { userId: null, employeeId: null, requestId: null };
      createAuditRepository(db).append(
        { at: systemClock.now(), ...byNobodyKnown, ...event },
        (placed, before) => auditLink(keyring.auditKey, placed, before),
      );
      return {
        exitCode: 0,
        line: `${resealed} secrets are sealed with a new key. Keep a copy of ${keyFile} apart from the data.`,
      };
    } finally {
      db.close();
    }
  } catch (error) {
    if (error instanceof AppError) return refused([error.message, error.hint].filter(Boolean).join(' '));
    throw error;
  }
}

function refused(line: string): { exitCode: 1; line: string } {
  return { exitCode: 1, line };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { exitCode, line } = rotateAllKeys(process.env);
  (exitCode === 0 ? console.log : console.error)(line);
  process.exitCode = exitCode;
}
