import { chmodSync, existsSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { inspectDatabaseFile } from '../db/inspect-file.ts';
import { openSnapshot } from '../db/snapshot.ts';
import { AppError } from '../errors/app-error.ts';
import { writeSecretFile } from '../security/secret-file.ts';
import type { BackupManifest } from './backup-manifest.ts';
import { MANIFEST_NAME } from './backup-manifest.ts';
import { folderStamp, presentDataFiles } from './data-files.ts';
import { hashFile } from './file-hash.ts';

interface BackupOptions {
  dataDir: string;
  /** Each backup is a folder of its own in it. */
  into: string;
  version: string;
  clock: { now(): number };
}

/**
 * Copies the databases as they are at one instant, while the app goes on working, and checks every copy. The keys are
 * not in it. A folder that has its final name is complete; one that was broken off ends with `.unfinished`.
 * @throws AppError `no_data`, or `backup_failed` when a copy is damaged: then so is the original.
 */
export async function makeBackup({ dataDir, into, version, clock }: BackupOptions): Promise<{
  folder: string;
  manifest: BackupManifest;
}> {
  const [lead, ...others] = presentDataFiles(dataDir);
  if (lead === undefined || basename(lead) !== 'app.db') {
    throw new AppError('no_data', `There is no database at ${join(dataDir, 'app.db')}.`);
  }
  const createdAt = clock.now();
  const folder = join(into, `backlogue-${folderStamp(createdAt)}`);
  const unfinished = `${folder}.unfinished`;
  if (existsSync(folder)) throw new AppError('backup_failed', `${folder} is there already.`);
  mkdirSync(unfinished, { recursive: true, mode: 0o700 });
  try {
    await copyAll(lead, others, unfinished);
    const manifest = await describe(unfinished, { version, createdAt });
    writeSecretFile(join(unfinished, MANIFEST_NAME), `${JSON.stringify(manifest, null, 2)}\n`);
    renameSync(unfinished, folder);
    return { folder, manifest };
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    throw error;
  }
}

async function copyAll(lead: string, others: string[], into: string): Promise<void> {
  const snapshot = openSnapshot(lead, others);
  try {
    for (const file of [lead, ...others]) {
      const copy = join(into, basename(file));
      await snapshot.copy(file, copy);
      // Secrets in it are sealed, but conversations are nobody else's business either.
      chmodSync(copy, 0o600);
    }
  } finally {
    snapshot.close();
  }
}

async function describe(
  folder: string,
  { version, createdAt }: { version: string; createdAt: number },
): Promise<BackupManifest> {
  const manifest: BackupManifest = {
    format: 1,
    product: 'backlogue',
    version,
    createdAt: new Date(createdAt).toISOString(),
    keyIds: [],
    migrations: { count: 0, newest: 0 },
    files: [],
  };
  for (const file of presentDataFiles(folder)) {
    const name = basename(file) as BackupManifest['files'][number]['name'];
    const { damage, rows, migrations, keyChecks } = inspectDatabaseFile(file);
    if (damage.length > 0) throw damaged(name, damage);
    manifest.files.push({ name, bytes: statSync(file).size, sha256: await hashFile(file), rows });
    if (name === 'app.db')
      Object.assign(manifest, { migrations, keyIds: keyChecks.map(({ keyId }) => keyId) });
  }
  return manifest;
}

function damaged(name: string, damage: string[]): AppError {
  return new AppError('backup_failed', `The copy of ${name} is not sound: ${damage.join('; ')}.`, {
    hint: 'The database itself is damaged, then: stop the app and restore the last good backup. No backup was made.',
  });
}
