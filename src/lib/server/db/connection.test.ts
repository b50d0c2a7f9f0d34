import { describe, expect, it } from 'vitest';
import { openTempDatabase } from '../../../../tests/support/temp-database.ts';
import { openDatabase } from './connection.ts';

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
