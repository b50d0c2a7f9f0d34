import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { openDatabase } from '../db/connection.ts';
import { AppError } from '../errors/app-error.ts';
import { createAuditRepository } from '../repositories/audit-repository.ts';
import { createKeyringRepository } from '../repositories/keyring-repository.ts';
import { openKeyring } from '../security/keyring.ts';
import { verifyAuditChain } from '../services/audit-chain.ts';
import { requireMatchingKeyring } from '../services/keyring-check.ts';
import { systemClock } from '../clock.ts';
import { readSettings, type Environment } from '../settings/settings.ts';

/** Checks that no audit event was changed or removed: `audit-verify`. Safe beside the running app. Exit code 1 if so. */
export function verifyAudit(env: Environment): { exitCode: 0 | 1; line: string } {
  try {
    const settings = readSettings(env);
    const file = join(settings.dataDir, 'app.db');
    if (!existsSync(file)) return { exitCode: 1, line: `There is no database at ${file}.` };
    const keyring = openKeyring({ file: settings.keyFile, env: settings.encryptionKeys, mayCreate: false });
    const db = openDatabase(file);
    try {
      requireMatchingKeyring({ keyring, repository: createKeyringRepository(db), clock: systemClock });
      const verdict = verifyAuditChain(createAuditRepository(db), keyring.auditKey);
      if (verdict.intact) return { exitCode: 0, line: `The audit log is whole: ${verdict.events} events.` };
      return { exitCode: 1, line: `The audit log is not whole: ${verdict.reason}.` };
    } finally {
      db.close();
    }
  } catch (error) {
    if (error instanceof AppError)
      return { exitCode: 1, line: [error.message, error.hint].filter(Boolean).join(' ') };
    throw error;
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { exitCode, line } = verifyAudit(process.env);
  (exitCode === 0 ? console.log : console.error)(line);
  process.exitCode = exitCode;
}
