import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { openDatabase } from '../db/connection.ts';
import { AppError } from '../errors/app-error.ts';
import { createAuditRepository } from '../repositories/audit-repository.ts';
import { createKeyringRepository } from '../repositories/keyring-repository.ts';
import { openKeyring } from '../security/keyring.ts';
import { verifyAuditChain, type ChainVerdict } from '../services/audit-chain.ts';
import { requireMatchingKeyring } from '../services/keyring-check.ts';
import { systemClock } from '../clock.ts';
import { readSettings, type Environment } from '../settings/settings.ts';

const usage = `audit-verify takes nothing, or an event as it was printed before, such as 16:8b50...c754.`;

const markSchema = z
  .string()
  .regex(/^[1-9]\d{0,14}:[0-9a-f]{64}$/)
  .transform((text) => ({ id: Number(text.split(':')[0]), hash: text.split(':')[1] ?? '' }));

/**
 * Checks that no audit event was changed or removed: `audit-verify [ID:HASH]`. Safe beside the running app. Exit code 1
 * if so, also where the event that is named is not in the log any more.
 */
export function verifyAudit(env: Environment, mark?: string): { exitCode: 0 | 1; line: string } {
  try {
    const remembered = mark === undefined ? null : markSchema.safeParse(mark).data;
    if (remembered === undefined) return { exitCode: 1, line: usage };
    const settings = readSettings(env);
    const file = join(settings.dataDir, 'app.db');
    if (!existsSync(file)) return { exitCode: 1, line: `There is no database at ${file}.` };
    const keyring = openKeyring({ file: settings.keyFile, env: settings.encryptionKeys, mayCreate: false });
    const db = openDatabase(file);
    try {
      requireMatchingKeyring({ keyring, repository: createKeyringRepository(db), clock: systemClock });
      const verdict = verifyAuditChain(createAuditRepository(db), keyring.auditKey, remembered);
      return verdict.intact
        ? { exitCode: 0, line: whole(verdict) }
        : { exitCode: 1, line: `The audit log is not whole: ${verdict.reason}.` };
    } finally {
      db.close();
    }
  } catch (error) {
    if (error instanceof AppError)
      return { exitCode: 1, line: [error.message, error.hint].filter(Boolean).join(' ') };
    throw error;
  }
}

function whole({ events, newest }: Extract<ChainVerdict, { intact: true }>): string {
  const mark = newest === null ? '' : ` The newest is ${newest.id}:${newest.hash}.`;
  return `The audit log is whole: ${events} events.${mark}`;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { exitCode, line } = verifyAudit(process.env, process.argv[2]);
  (exitCode === 0 ? console.log : console.error)(line);
  process.exitCode = exitCode;
}
