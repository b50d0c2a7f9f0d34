import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addPerson } from '../../../../../tests/support/people.ts';
import { openTempDatabase, type TempDatabase } from '../../../../../tests/support/temp-database.ts';
import { createAuditRepository } from '../../repositories/audit-repository.ts';
import { createCompactionRepository } from '../../repositories/compaction-repository.ts';
import { createAuditService } from '../audit-service.ts';
import { createCompaction } from './compaction.ts';

const hourMs = 3_600_000;
const noon = new Date(2026, 2, 3, 12).getTime();
const night = new Date(2026, 2, 4, 3).getTime();

describe('Writing the database files anew', () => {
  let temp: TempDatabase;
  let now: number;
  let compacted: number;
  let bytes: number;
  let freeBytes: number;
  beforeEach(() => {
    temp = openTempDatabase();
    now = noon;
    compacted = 0;
    bytes = 100 * 1024 * 1024;
    freeBytes = 0;
  });
  afterEach(() => temp.dispose());

  const clock = { now: () => now };
  const audit = () =>
    createAuditService({
      repository: createAuditRepository(temp.db),
      auditKey: Buffer.alloc(32),
      clock,
      log: { info: () => undefined, error: (detail) => expect(detail).toBeUndefined() },
      count: () => undefined,
    });
  const compaction = (compactFiles: () => Promise<unknown>) =>
    createCompaction({
      repository: { ...createCompactionRepository(temp.db), room: () => ({ bytes, freeBytes }) },
      compactFiles,
      rest: temp.db.storage.rest,
      audit: audit(),
      clock,
      ids: { next: () => 'request-1' },
    });
  const look = () => compaction(async () => void compacted++)();
  const eraseSomebody = () =>
    audit().record(
      { userId: null, employeeId: 'deleted-1', requestId: 'r' },
      { action: 'person.erase', outcome: 'ok' },
    );

  it('is not done while there is nothing to clear out', async () => {
    now = night;
    expect(await look()).toBe(false);
  });

  it('waits for the night after somebody was deleted, is done once, and is noted', async () => {
    eraseSomebody();
    expect(await look()).toBe(false);
    now = night;
    expect(await look()).toBe(true);
    expect(await look()).toBe(false);
    expect(compacted).toBe(1);
  });

  it('does not wait where the file is small, nor longer than a day', async () => {
    eraseSomebody();
    now = noon + 25 * hourMs;
    expect(await look()).toBe(true);
    eraseSomebody();
    bytes = 1024 * 1024;
    expect(await look()).toBe(true);
  });

  it('waits for a run that is at work', async () => {
    eraseSomebody();
    bytes = 1;
    const { userId } = addPerson(temp.db);
    addRun(userId);
    expect(await look()).toBe(false);
    temp.db.sqlite.prepare("UPDATE run SET status = 'completed'").run();
    expect(await look()).toBe(true);
  });

  it('is tried again an hour after it failed, and not before', async () => {
    eraseSomebody();
    bytes = 1;
    const failing = compaction(() => Promise.reject(new Error('no room')));
    await expect(failing()).rejects.toThrow('no room');
    expect(temp.db.storage.outage()).toBeNull();
    expect(await failing()).toBe(false);
    now += hourMs;
    await expect(failing()).rejects.toThrow('no room');
  });

  it('is done by night where much of the file is empty', async () => {
    freeBytes = 30 * 1024 * 1024;
    expect(await look()).toBe(false);
    now = night;
    expect(await look()).toBe(true);
  });

  it('lets nobody store anything meanwhile', async () => {
    eraseSomebody();
    bytes = 1;
    const meanwhile = compaction(async () =>
      expect(() => temp.db.sqlite.prepare("UPDATE user SET name = 'x'").run()).toThrow('tidied up'),
    );
    expect(await meanwhile()).toBe(true);
    temp.db.sqlite.prepare("UPDATE user SET name = 'x'").run();
    expect.hasAssertions();
  });

  it('knows how much of the file holds nothing', () => {
    const { room } = createCompactionRepository(temp.db);
    temp.db.sqlite.exec('CREATE TABLE filler (text TEXT)');
    temp.db.sqlite.prepare('INSERT INTO filler VALUES (?)').run('x'.repeat(1_000_000));
    const full = room();
    temp.db.sqlite.exec('DELETE FROM filler');
    expect(room().bytes).toBe(full.bytes);
    expect(room().freeBytes - full.freeBytes).toBeGreaterThan(900_000);
  });

  function addRun(userId: string): void {
    const { sqlite } = temp.db;
    sqlite
      .prepare(
        "INSERT INTO conversation (id, user_id, title, created_at, updated_at) VALUES ('c', ?, '', 0, 0)",
      )
      .run(userId);
    sqlite
      .prepare(
        "INSERT INTO run (id, conversation_id, user_id, status, input, process_id, heartbeat_at, started_at) VALUES ('r', 'c', ?, 'running', '{}', 'p', 0, 0)",
      )
      .run(userId);
  }
});
