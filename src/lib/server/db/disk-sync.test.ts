import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase, type AppDatabase } from './connection.ts';
import { createDiskSync } from './disk-sync.ts';
import { storageFaultOf } from './storage-fault.ts';

let folder: string;
let db: AppDatabase;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'disk-sync-'));
  db = openDatabase(join(folder, 'app.db'));
  db.sqlite.exec('CREATE TABLE kept (value TEXT)');
});
afterEach(() => {
  db.close();
  rmSync(folder, { recursive: true });
});

/** A disk that takes what is written only when it is told to. */
function heldDisk() {
  const waits: PromiseWithResolvers<void>[] = [];
  const disk = createDiskSync(join(folder, 'app.db'), db.storage, () => {
    const wait = Promise.withResolvers<void>();
    waits.push(wait);
    return wait.promise;
  });
  return { disk, waits };
}

describe('waiting for the disk beside the main thread', () => {
  it('resolves at once where nothing is owed', async () => {
    const { disk, waits } = heldDisk();
    await disk.settled();
    expect(waits).toHaveLength(0);
    disk.close();
  });

  it('lets commits that come during a wait share the next one, and counts an earlier wait for none of them', async () => {
    const { disk, waits } = heldDisk();
    const settled: string[] = [];
    disk.owe();
    const first = disk.settled().then(() => settled.push('first'));
    disk.owe();
    disk.owe();
    const others = [disk.settled(), disk.settled()].map((wait) => wait.then(() => settled.push('later')));
    expect(waits).toHaveLength(1);
    waits[0]?.resolve();
    await first;
    expect(settled).toEqual(['first']);
    expect(disk.owes()).toBe(true);
    waits[1]?.resolve();
    await Promise.all(others);
    expect(settled).toEqual(['first', 'later', 'later']);
    expect([waits.length, disk.owes()]).toEqual([2, false]);
    disk.close();
  });

  it('makes the database read-only where the disk refuses, and asks it again at the next call', async () => {
    const { disk, waits } = heldDisk();
    disk.owe();
    const refused = disk.settled();
    waits[0]?.reject(Object.assign(new Error('no space'), { code: 'ENOSPC' }));
    await expect(refused).rejects.toMatchObject({ code: 'storage_full' });
    expect(db.storage.outage()).toMatchObject({ fault: 'full' });
    const again = disk.settled();
    waits[1]?.resolve();
    await again;
    disk.close();
  });

  it('tells a disk that fails from one that is full', async () => {
    const { disk, waits } = heldDisk();
    disk.owe();
    const refused = disk.settled();
    waits[0]?.reject(Object.assign(new Error('i/o error'), { code: 'EIO' }));
    const error: unknown = await refused.catch((reason: unknown) => reason);
    expect(storageFaultOf((error as Error).cause)).toBe('unwritable');
    disk.close();
  });

  it('finds the log again after it was deleted and made anew', async () => {
    const write = () => db.sqlite.prepare("INSERT INTO kept VALUES ('x')").run();
    for (let round = 0; round < 2; round++) {
      write();
      db.disk.owe();
      await db.disk.settled();
      db.sqlite.pragma('journal_mode = DELETE');
      db.sqlite.pragma('journal_mode = WAL');
    }
    expect(db.disk.owes()).toBe(false);
  });
});
