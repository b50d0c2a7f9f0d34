import { openSync, readSync, writeSync, closeSync, fstatSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { alice } from '../../src/lib/sandbox/people.ts';
import type { AppDatabase } from '../../src/lib/server/db/connection.ts';
import { createLogger } from '../../src/lib/server/observability/logger.ts';
import checkDatabases from '../../src/lib/server/workers/check-databases.ts';
import { makeAppFolder, type AppFolder } from '../support/app-folder.ts';
import { startTalk } from '../support/main-job.ts';
import { startApp, type RunningApp } from '../support/running-app.ts';

let db: AppDatabase;
let folder: AppFolder;
let running: RunningApp | undefined;
afterEach(async () => {
  await running?.close().catch(() => undefined);
  running = undefined;
  folder.remove();
});

/** Overwrites the pages of a file but the first, as a bad disk might. SQLite finds out when it reads one of them. */
function damage(file: string): void {
  const descriptor = openSync(file, 'r+');
  const { size } = fstatSync(descriptor);
  const pageBytes = 4096;
  const noise = Buffer.alloc(pageBytes, 0xa7);
  for (let at = pageBytes; at < size; at += pageBytes) writeSync(descriptor, noise, 0, pageBytes, at);
  closeSync(descriptor);
}

test.each(['app.db', 'checkpoints.db'])(
  'A start on a damaged %s is refused with the way to restore, and the file stays as it was',
  async (name) => {
    folder = makeAppFolder();
    running = await startApp({ folder });
    await (await startTalk(running, await running.join(alice))).say('Customers export invoices.');
    await running.close();
    const file = join(folder.path, 'data', name);
    damage(file);
    const before = bytesOf(file);

    await expect(startApp({ folder })).rejects.toMatchObject({
      code: 'database_damaged',
      message: expect.stringContaining(name) as string,
      hint: expect.stringContaining('npm run restore -- FOLDER') as string,
    });
    expect(bytesOf(file).equals(before)).toBe(true);
    expect(checkDatabases({ files: [file] })).toMatchObject([{ file }]);
  },
);

test('A page that turns out damaged while it runs stops all writing for good, with an alarm', async () => {
  folder = makeAppFolder();
  const lines: Record<string, unknown>[] = [];
  const destination = {
    write: (text: string) => void lines.push(JSON.parse(text) as Record<string, unknown>),
  };
  running = await startApp({
    folder,
    overrides: {
      log: createLogger({ level: 'warn', destination }),
      onDatabase: (opened) => (db = opened),
    },
  });
  const who = await running.join(alice);
  const talk = await startTalk(running, who);
  await talk.toReview();
  const { conversations, system } = running.app.services;
  const file = join(folder.path, 'data', 'app.db');

  // With the log folded back and nothing kept in memory, the next look is at the file.
  db.sqlite.pragma('wal_checkpoint(TRUNCATE)');
  db.sqlite.pragma('shrink_memory');
  damage(file);

  await expect(conversations.open(who.actor, talk.conversationId)).rejects.toMatchObject({
    code: 'storage_damaged',
    retryable: false,
  });
  expect(lines).toContainEqual(expect.objectContaining({ alarm: 'storage_damaged', level: 'fatal' }));
  expect(await system.readiness()).toMatchObject({
    ready: false,
    checks: { database: { ok: false, detail: expect.stringContaining('npm run restore') as string } },
  });
  const damaged = bytesOf(file);
  await expect(talk.send('Once more')).rejects.toThrow('storage_damaged');
  db.storage.tryAgain();
  expect(system.outage()).toMatchObject({ fault: 'damaged' });
  expect(bytesOf(file).equals(damaged)).toBe(true);
});

function bytesOf(file: string): Buffer {
  const descriptor = openSync(file, 'r');
  const bytes = Buffer.alloc(fstatSync(descriptor).size);
  readSync(descriptor, bytes, 0, bytes.length, 0);
  closeSync(descriptor);
  return bytes;
}
