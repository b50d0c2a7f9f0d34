import { copyFileSync, existsSync, linkSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { holdDatabase } from '../db/exclusive-hold.ts';
import { inspectDatabaseFile } from '../db/inspect-file.ts';
import { AppError, InvalidError } from '../errors/app-error.ts';
import type { Keyring } from '../security/keyring.ts';
import { readManifest, type BackupManifest } from './backup-manifest.ts';
import { dataFileNames, folderStamp, presentDataFiles } from './data-files.ts';
import { hashFile } from './file-hash.ts';

interface RestoreOptions {
  /** A folder that `makeBackup` made. */
  folder: string;
  dataDir: string;
  keyring: Pick<Keyring, 'checks'>;
  /** When the newest migration of this build was written. */
  newestMigration: number;
  clock: { now(): number };
  /** Checks everything and changes nothing. */
  checkOnly: boolean;
}

interface Restored {
  manifest: BackupManifest;
  /** Where the data lies that was replaced; null where there was none, or nothing was changed. */
  keptAside: string | null;
}

/**
 * Puts a backup in the place of the data. Whatever speaks against it is found on a copy in the data folder, before
 * anything is replaced; what was there is kept aside. May be repeated after it was broken off.
 * @throws InvalidError `backup_unreadable`, `backup_damaged`, `backup_too_new`; AppError `keyring_wrong`;
 *   ConflictError `data_in_use` while a process has the data open. None of them changes anything.
 */
export async function restoreBackup(options: RestoreOptions): Promise<Restored> {
  const { folder, dataDir, clock, checkOnly } = options;
  const manifest = readManifest(folder);
  const staging = join(dataDir, `.restore-${process.pid}`);
  mkdirSync(staging, { recursive: true, mode: 0o700 });
  try {
    for (const { name } of manifest.files) stage(folder, staging, name);
    await requireSound(staging, manifest, options);
    if (checkOnly) return { manifest, keptAside: null };
    return { manifest, keptAside: replaceData(dataDir, staging, manifest, folderStamp(clock.now())) };
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}

function stage(folder: string, staging: string, name: string): void {
  const file = join(folder, name);
  if (!existsSync(file)) throw damaged(`${name} is missing`);
  copyFileSync(file, join(staging, name));
}

async function requireSound(
  staging: string,
  manifest: BackupManifest,
  { keyring, newestMigration }: RestoreOptions,
): Promise<void> {
  for (const { name, bytes, sha256 } of manifest.files) {
    const file = join(staging, name);
    if (statSync(file).size !== bytes || (await hashFile(file)) !== sha256) {
      throw damaged(`${name} is not what was backed up`);
    }
    const { damage, migrations, keyChecks } = inspectDatabaseFile(file);
    if (damage.length > 0) throw damaged(`${name}: ${damage.join('; ')}`);
    if (migrations.newest > newestMigration) {
      throw new InvalidError('backup_too_new', 'A newer version of Backlogue made this backup.', {
        hint: `It was version ${manifest.version}. Install that one or a later one first. Nothing was changed.`,
      });
    }
    requireKeys(keyring, keyChecks);
  }
}

function requireKeys(keyring: Pick<Keyring, 'checks'>, needed: { keyId: string; check: string }[]): void {
  const held = new Map(keyring.checks.map(({ keyId, check }) => [keyId, check]));
  const missing = needed.filter(({ keyId, check }) => held.get(keyId) !== check).map(({ keyId }) => keyId);
  if (missing.length === 0) return;
  throw new AppError(
    'keyring_wrong',
    `The backup was sealed with other keys: ${missing.join(', ')} do not fit.`,
    {
      hint: 'Name the key file of that time in KEY_FILE, or put it back. Nothing was changed.',
    },
  );
}

/** The old file stays in its place until the new one takes it over: no start ever finds an empty folder. */
function replaceData(
  dataDir: string,
  staging: string,
  manifest: BackupManifest,
  stamp: string,
): string | null {
  using holds = new DisposableStack();
  const present = presentDataFiles(dataDir);
  for (const file of present) holds.use(holdDatabase(file));

  const aside = join(dataDir, `replaced-${stamp}`);
  if (present.length > 0) mkdirSync(aside, { mode: 0o700 });
  for (const file of present) linkSync(file, join(aside, basename(file)));
  // app.db comes last: until then its lock keeps an app from starting on half of the data.
  for (const name of dataFileNames.toReversed()) {
    const place = join(dataDir, name);
    if (manifest.files.some((file) => file.name === name)) renameSync(join(staging, name), place);
    else rmSync(place, { force: true });
  }
  return present.length > 0 ? aside : null;
}

function damaged(what: string): InvalidError {
  return new InvalidError('backup_damaged', `The backup is damaged: ${what}.`, {
    hint: 'Take another one. Nothing was changed.',
  });
}
