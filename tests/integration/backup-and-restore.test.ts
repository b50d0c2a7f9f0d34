import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openCheckpoints } from '../../src/lib/agent/checkpoints.ts';
import { backUp } from '../../src/lib/server/commands/backup.ts';
import { restore } from '../../src/lib/server/commands/restore.ts';
import { openDatabase } from '../../src/lib/server/db/connection.ts';
import { migrateDatabase } from '../../src/lib/server/db/migrate.ts';
import { createKeyringRepository } from '../../src/lib/server/repositories/keyring-repository.ts';
import { openKeyring } from '../../src/lib/server/security/keyring.ts';
import { requireMatchingKeyring } from '../../src/lib/server/services/keyring-check.ts';
import { addPerson } from '../support/people.ts';
import { migrationsFolder } from '../support/temp-database.ts';

const clock = { now: () => 1 };

let root: string;
let env: { DATA_DIR: string; KEY_FILE: string };
let app: ReturnType<typeof startStorage>;

/** The two databases as the app holds them while it runs. */
function startStorage() {
  mkdirSync(env.DATA_DIR, { recursive: true });
  const db = openDatabase(join(env.DATA_DIR, 'app.db'));
  migrateDatabase(db, migrationsFolder);
  const keyring = openKeyring({ file: env.KEY_FILE, env: null, mayCreate: true });
  requireMatchingKeyring({ keyring, repository: createKeyringRepository(db), clock });
  const checkpoints = openCheckpoints(join(env.DATA_DIR, 'checkpoints.db'));
  checkpoints.saver.db.exec('CREATE TABLE IF NOT EXISTS checkpoints (thread_id TEXT)');
  return {
    db,
    /** A person and a checkpoint, as two commits in two files. */
    write(name: string) {
      addPerson(db, { employeeId: name });
      checkpoints.saver.db.prepare('INSERT INTO checkpoints (thread_id) VALUES (?)').run(name);
    },
    stop() {
      db.close();
      checkpoints.close();
    },
  };
}

function run(command: typeof backUp, ...args: string[]) {
  const lines: string[] = [];
  return Promise.resolve(command({ args, env, print: (line) => void lines.push(line) })).then(() => lines);
}

async function makeBackup(): Promise<string> {
  const lines = await run(backUp, join(root, 'backups'));
  const folder = lines.find((line) => line.startsWith('Backup made: '))?.slice('Backup made: '.length);
  if (folder === undefined) throw new Error(lines.join('\n'));
  return folder;
}

/** Every row of every table of both databases. */
function allRows(dataDir: string) {
  return Object.fromEntries(
    ['app.db', 'checkpoints.db'].map((name) => {
      const db = new Database(join(dataDir, name), { readonly: true });
      const tables = db
        .prepare("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
        .pluck()
        .all();
      const rows = tables.map((table) => [table, db.prepare(`SELECT * FROM "${String(table)}"`).all()]);
      db.close();
      return [name, Object.fromEntries(rows)];
    }),
  );
}

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'backlogue-drill-'));
  env = { DATA_DIR: join(root, 'data'), KEY_FILE: join(root, 'keys', 'backlogue.key') };
  app = startStorage();
});
afterEach(() => {
  if (app.db.sqlite.open) app.stop();
  rmSync(root, { recursive: true, force: true });
});

describe('A backup that is made while the app works', () => {
  it('comes back row for row, and what was there meanwhile is kept aside', async () => {
    for (const name of ['ada', 'grace', 'edsger']) app.write(name);
    const before = allRows(env.DATA_DIR);
    const backup = await makeBackup();
    app.write('later');
    const later = allRows(env.DATA_DIR);
    app.stop();

    const lines = await run(restore, backup);

    const aside = readdirSync(env.DATA_DIR).find((name) => name.startsWith('replaced-')) ?? 'none';
    expect(readdirSync(env.DATA_DIR).toSorted()).toEqual(['app.db', 'checkpoints.db', aside]);
    expect(allRows(env.DATA_DIR)).toEqual(before);
    expect(allRows(join(env.DATA_DIR, aside))).toEqual(later);
    expect(lines.join('\n')).toContain(aside);
    app = startStorage();
    app.write('after the restore');
  });

  it('shows both databases at one instant, however much is written in between', async () => {
    let writing = true;
    let written = 0;
    const writer = (async () => {
      while (writing) {
        app.write(`person-${(written += 1)}`);
        await new Promise((resolve) => setImmediate(resolve));
      }
    })();
    const backups = [];
    for (let count = 0; count < 5; count += 1) {
      backups.push(await makeBackup());
    }
    writing = false;
    await writer;

    for (const backup of backups) {
      const { 'app.db': main, 'checkpoints.db': checkpoints } = allRows(backup) as Record<
        string,
        Record<string, unknown[]>
      >;
      // The writer commits to app.db first, so a checkpoint of a person who is not there yet would be of another time.
      expect(checkpoints?.checkpoints?.length).toBe(main?.user?.length);
    }
  });

  it('holds no key, is closed to others, and names what it is', async () => {
    app.write('ada');
    const backup = await makeBackup();
    expect(readdirSync(backup).toSorted()).toEqual(['app.db', 'checkpoints.db', 'manifest.json']);
    for (const name of readdirSync(backup)) expect(statSync(join(backup, name)).mode & 0o077).toBe(0);
    const { keys } = JSON.parse(readFileSync(env.KEY_FILE, 'utf8'));
    for (const name of readdirSync(backup)) {
      expect(readFileSync(join(backup, name)).includes(keys[0].secret)).toBe(false);
    }
    expect(JSON.parse(readFileSync(join(backup, 'manifest.json'), 'utf8'))).toMatchObject({
      product: 'backlogue',
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
      keyIds: expect.arrayContaining(['k1', 'root']),
      files: [
        { name: 'app.db', rows: { user: 1 } },
        { name: 'checkpoints.db', rows: { checkpoints: 1 } },
      ],
    });
  });
});

describe('A restore changes nothing', () => {
  let backup: string;
  let before: unknown;
  beforeEach(async () => {
    app.write('ada');
    backup = await makeBackup();
    app.write('grace');
    before = allRows(env.DATA_DIR);
  });
  afterEach(() => {
    expect(allRows(env.DATA_DIR)).toEqual(before);
    expect(readdirSync(env.DATA_DIR).filter((name) => /replaced|restore/.test(name))).toEqual([]);
  });

  it('while an app has the data open', async () => {
    await expect(run(restore, backup)).rejects.toMatchObject({ code: 'data_in_use' });
    app.write('edsger');
    before = allRows(env.DATA_DIR);
  });

  it('when it only checks', async () => {
    expect(await run(restore, '--check', backup)).toEqual([expect.stringMatching(/^Whole/)]);
  });

  it('when a single byte of the backup has changed', async () => {
    app.stop();
    const file = join(backup, 'app.db');
    const bytes = readFileSync(file);
    bytes[bytes.length - 10] = (bytes.at(-10) ?? 0) ^ 1;
    writeFileSync(file, bytes);
    await expect(run(restore, backup)).rejects.toMatchObject({ code: 'backup_damaged' });
  });

  it('when a file is missing, or the folder is no finished backup', async () => {
    app.stop();
    rmSync(join(backup, 'checkpoints.db'));
    await expect(run(restore, backup)).rejects.toMatchObject({ code: 'backup_damaged' });
    rmSync(join(backup, 'manifest.json'));
    await expect(run(restore, backup)).rejects.toMatchObject({ code: 'backup_unreadable' });
  });

  it('when the keys are missing or others', async () => {
    app.stop();
    const keys = env.KEY_FILE;
    env.KEY_FILE = join(root, 'other.key');
    await expect(run(restore, backup)).rejects.toMatchObject({ code: 'keyring_missing' });
    openKeyring({ file: env.KEY_FILE, env: null, mayCreate: true });
    await expect(run(restore, backup)).rejects.toMatchObject({ code: 'keyring_wrong' });
    env.KEY_FILE = keys;
  });

  it('when a newer version made the backup', async () => {
    app.stop();
    const newer = new Database(join(backup, 'app.db'));
    newer.exec("INSERT INTO __drizzle_migrations (hash, created_at) VALUES ('later', 9999999999999)");
    newer.close();
    await rewriteManifest(backup);
    await expect(run(restore, backup)).rejects.toMatchObject({ code: 'backup_too_new' });
  });
});

describe('A restore helps', () => {
  it('where the database was destroyed', async () => {
    app.write('ada');
    const before = allRows(env.DATA_DIR);
    const backup = await makeBackup();
    app.stop();
    writeFileSync(join(env.DATA_DIR, 'app.db'), 'no database any more');
    await run(restore, backup);
    expect(allRows(env.DATA_DIR)).toEqual(before);
  });

  it('on a fresh machine with the key file', async () => {
    app.write('ada');
    const before = allRows(env.DATA_DIR);
    const backup = await makeBackup();
    app.stop();
    cpSync(env.DATA_DIR, join(root, 'lost'), { recursive: true });
    rmSync(env.DATA_DIR, { recursive: true });
    await run(restore, backup);
    expect(allRows(env.DATA_DIR)).toEqual(before);
    expect(existsSync(join(env.DATA_DIR, 'app.db-wal'))).toBe(false);
  });
});

/** As somebody would who tampers, or as the newer version did. */
async function rewriteManifest(folder: string): Promise<void> {
  const { hashFile } = await import('../../src/lib/server/operations/file-hash.ts');
  const file = join(folder, 'manifest.json');
  const manifest = JSON.parse(readFileSync(file, 'utf8'));
  for (const entry of manifest.files) {
    entry.sha256 = await hashFile(join(folder, entry.name));
    entry.bytes = statSync(join(folder, entry.name)).size;
  }
  writeFileSync(file, JSON.stringify(manifest));
}
