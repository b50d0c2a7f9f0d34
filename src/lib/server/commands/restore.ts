import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { systemClock } from '../clock.ts';
import { newestMigration } from '../db/migrate.ts';
import { InvalidError } from '../errors/app-error.ts';
import { restoreBackup } from '../operations/restore-backup.ts';
import { runAsProgram, type CommandContext } from '../operations/run-command.ts';
import { openKeyring } from '../security/keyring.ts';
import { readSettings } from '../settings/settings.ts';

const usage = `Puts a backup in the place of the data. Stop the app first.

  npm run restore -- [--check] FOLDER

FOLDER is one that \`npm run backup\` made. The data that is replaced is kept aside in the data folder.
--check only says whether the backup can be restored here, with these keys and this version.`;

/** Restores a backup: `restore [--check] folder`. Refuses while an app has the data open. */
export async function restore({ args, env, print }: CommandContext): Promise<0 | 1> {
  const { values, positionals } = parseArgs({
    args,
    options: { help: { type: 'boolean', short: 'h' }, check: { type: 'boolean', default: false } },
    allowPositionals: true,
  });
  if (values.help) {
    print(usage);
    return 0;
  }
  const [folder] = positionals;
  if (folder === undefined)
    throw new InvalidError('backup_unreadable', 'Name the folder of a backup.', { hint: usage });

  const settings = readSettings(env);
  const { manifest, keptAside } = await restoreBackup({
    folder: resolve(folder),
    dataDir: settings.dataDir,
    keyring: openKeyring({ file: settings.keyFile, env: settings.encryptionKeys, mayCreate: false }),
    newestMigration: newestMigration('drizzle'),
    clock: systemClock,
    checkOnly: values.check,
  });
  const made = `the backup of ${manifest.createdAt} (version ${manifest.version})`;
  if (values.check) {
    print(`Whole: ${made} can be restored here. Nothing was changed.`);
    return 0;
  }
  print(`Restored ${made} into ${settings.dataDir}.`);
  if (keptAside !== null)
    print(`What was there is kept in ${keptAside}; delete it when you no longer need it.`);
  print('Start the app: it brings the data up to its version.');
  return 0;
}

await runAsProgram(import.meta.url, restore);
