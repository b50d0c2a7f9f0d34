import { describe, expect, it } from 'vitest';
import { openTempDatabase } from '../../../../tests/support/temp-database.ts';
import { isOpenElsewhere, openDatabase } from './connection.ts';

describe('openDatabase', () => {
  it('writes through to the disk on every open, also on a file that is in WAL mode already', () => {
    using temp = openTempDatabase();
    expect(settingsOf(temp.file)).toEqual({ journal_mode: 'wal', synchronous: 2, foreign_keys: 1 });
    expect(settingsOf(temp.file)).toEqual({ journal_mode: 'wal', synchronous: 2, foreign_keys: 1 });
  });

  it('waits for another writer instead of failing at once', () => {
    using temp = openTempDatabase();
    expect(temp.db.sqlite.pragma('busy_timeout', { simple: true })).toBe(5_000);
  });

  it('refuses a database that cannot be kept safe', () => {
    expect(() => openDatabase(':memory:')).toThrow('journal_mode = memory');
  });

  it('refuses a row whose owner is not there', () => {
    using temp = openTempDatabase();
    const insert = temp.db.sqlite.prepare(
      "INSERT INTO preference (user_id, key, value, updated_at) VALUES ('nobody', 'theme', '1', 0)",
    );
    expect(() => insert.run()).toThrow('FOREIGN KEY');
  });
});

describe('isOpenElsewhere', () => {
  it('tells whether somebody else has the file open, and leaves the connection as it was', () => {
    using temp = openTempDatabase();
    expect(isOpenElsewhere(temp.db)).toBe(false);
    const other = openDatabase(temp.file);
    expect(isOpenElsewhere(temp.db)).toBe(true);
    other.close();
    expect(isOpenElsewhere(temp.db)).toBe(false);
    const read = (name: string) => temp.db.sqlite.pragma(name, { simple: true });
    expect([read('journal_mode'), read('synchronous'), read('busy_timeout')]).toEqual(['wal', 2, 5_000]);
  });
});

function settingsOf(file: string) {
  const db = openDatabase(file);
  const read = (name: string) => db.sqlite.pragma(name, { simple: true });
  const settings = {
    journal_mode: read('journal_mode'),
    synchronous: read('synchronous'),
    foreign_keys: read('foreign_keys'),
  };
  db.close();
  return settings;
}
