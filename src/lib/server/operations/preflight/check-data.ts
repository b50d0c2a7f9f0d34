import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { openDatabase } from '../../db/connection.ts';
import { isMigrated, newestMigration } from '../../db/migrate.ts';
import { openKeyring } from '../../security/keyring.ts';
import type { Settings } from '../../settings/settings.ts';
import { restoreBackup } from '../restore-backup.ts';
import { ok, wrong } from './finding.ts';

const DAY_MS = 24 * 60 * 60_000;
/** A nightly backup that failed once is late, one that failed twice is missing. */
const OLDEST_BACKUP_MS = 2 * DAY_MS;
export const MIGRATIONS_FOLDER = 'drizzle';

export function checkDatabase({ dataDir }: Settings) {
  const file = join(dataDir, 'app.db');
  if (!existsSync(file)) return wrong(`There is no database at ${file} yet: start the app once.`);
  if ((statSync(dataDir).mode & 0o077) !== 0)
    return wrong(`Others may read ${dataDir}: chmod 700 ${dataDir}`);
  const db = openDatabase(file);
  try {
    if (!isMigrated(db, MIGRATIONS_FOLDER)) return wrong('Migrations are missing: start this version once.');
    return ok('All migrations are applied.');
  } finally {
    db.close();
  }
}

/** Whether the newest backup is recent and could be restored here, with these keys. */
export async function checkBackup(folder: string, settings: Settings, clock: { now(): number }) {
  const newest = newestBackup(folder);
  if (newest === null)
    return wrong(`There is no backup in ${folder}: run \`npm run backup\`, and plan one a night.`);
  const { manifest } = await restoreBackup({
    folder: newest,
    dataDir: settings.dataDir,
    keyring: openKeyring({ file: settings.keyFile, env: settings.encryptionKeys, mayCreate: false }),
    newestMigration: newestMigration(MIGRATIONS_FOLDER),
    clock,
    checkOnly: true,
  });
  const ageMs = clock.now() - Date.parse(manifest.createdAt);
  if (ageMs > OLDEST_BACKUP_MS)
    return wrong(`The newest backup is ${Math.floor(ageMs / DAY_MS)} days old: ${newest}`);
  return ok(`${newest} can be restored here.`);
}

function newestBackup(folder: string): string | null {
  if (!existsSync(folder)) return null;
  const names = readdirSync(folder).filter((name) => /^backlogue-.*Z$/.test(name));
  const newest = names.toSorted().at(-1);
  return newest === undefined ? null : join(folder, newest);
}
