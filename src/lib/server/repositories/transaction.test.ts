import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openTempDatabase, type TempDatabase } from '../../../../tests/support/temp-database.ts';
import { inHastyTransaction, inPromisedTransaction, inTransaction } from './transaction.ts';

const NORMAL = 1;
const FULL = 2;

let temp: TempDatabase;
beforeEach(() => {
  temp = openTempDatabase();
});
afterEach(() => temp.dispose());

const store = () => temp.db.sqlite.prepare("INSERT INTO storage_probe VALUES (x'00')").run();
const waitsFor = () => temp.db.sqlite.pragma('synchronous', { simple: true });

describe('a commit', () => {
  it('waits for the disk unless its own transaction asks otherwise', () => {
    const seen = [
      inHastyTransaction(temp.db, waitsFor),
      inTransaction(temp.db, waitsFor),
      inPromisedTransaction(temp.db, waitsFor),
    ];
    expect(seen).toEqual([NORMAL, FULL, NORMAL]);
  });

  it('of a single statement waits, also right after one that did not', () => {
    inHastyTransaction(temp.db, store);
    store();
    expect(waitsFor()).toBe(FULL);
  });

  it('is owed to whoever is told of it only where something was stored', async () => {
    inPromisedTransaction(temp.db, () => undefined);
    expect(temp.db.disk.owes()).toBe(false);
    inPromisedTransaction(temp.db, store);
    expect(temp.db.disk.owes()).toBe(true);
    await temp.db.disk.settled();
    expect(temp.db.disk.owes()).toBe(false);
  });

  it('that failed stores nothing and owes nothing', () => {
    const failing = () => {
      store();
      throw new Error('refused');
    };
    expect(() => inPromisedTransaction(temp.db, failing)).toThrow('refused');
    expect(temp.db.sqlite.prepare('SELECT count(*) FROM storage_probe').pluck().get()).toBe(0);
    expect(temp.db.disk.owes()).toBe(false);
  });
});
