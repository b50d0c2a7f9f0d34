import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import packageFile from '../../../../package.json' with { type: 'json' };
import { systemClock } from '../clock.ts';
import { makeBackup } from '../operations/make-backup.ts';
import { runAsProgram, type CommandContext } from '../operations/run-command.ts';
import { readSettings } from '../settings/settings.ts';

const usage = `Copies the databases into a folder of their own, while the app goes on working.

  npm run backup -- [FOLDER]

FOLDER defaults to <DATA_DIR>-backups. The encryption keys are never copied: keep them apart.`;

/** Makes a backup: `backup [folder]`. Safe beside the running app. */
export async function backUp({ args, env, print }: CommandContext): Promise<0 | 1> {
  const { values, positionals } = parseArgs({
    args,
    options: { help: { type: 'boolean', short: 'h' } },
    allowPositionals: true,
  });
  if (values.help) {
    print(usage);
    return 0;
  }
  const settings = readSettings(env);
  const { folder, manifest } = await makeBackup({
    dataDir: settings.dataDir,
    into: resolve(positionals[0] ?? `${settings.dataDir}-backups`),
    version: packageFile.version,
    clock: systemClock,
  });
  for (const { name, bytes, rows } of manifest.files) {
    const rowCount = Object.values(rows).reduce((sum, count) => sum + count, 0);
    print(`${name.padEnd(16)} ${mebibytes(bytes)}, ${rowCount} rows, sound`);
  }
  print(`Backup made: ${folder}`);
  print(
    settings.encryptionKeys === null
      ? `The keys are not in it. They lie in ${settings.keyFile}: keep a copy elsewhere, without it no stored token can be read.`
      : 'The keys are not in it. They come from ENCRYPTION_KEYS: keep them where your platform keeps secrets.',
  );
  print(`Try it: npm run restore -- --check ${join(folder)}`);
  return 0;
}

function mebibytes(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
}

await runAsProgram(import.meta.url, backUp);
