import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { withKeptStatements } from './kept-statements.ts';

describe('Kept statements', () => {
  let sqlite: Database.Database;
  let kept: Database.Database;

  beforeEach(() => {
    sqlite = new Database(':memory:');
    sqlite.exec('CREATE TABLE story (id INTEGER, summary TEXT)');
    kept = withKeptStatements(sqlite);
  });
  afterEach(() => sqlite.close());

  it('compiles the same text once', () => {
    const text = 'SELECT summary FROM story WHERE id = ?';
    expect(kept.prepare(text)).toBe(kept.prepare(text));
  });

  it('gives rows as objects again after somebody asked for arrays', () => {
    kept.prepare('INSERT INTO story VALUES (?, ?)').run(1, 'Export');
    const text = 'SELECT id, summary FROM story';
    expect(kept.prepare(text).raw().all()).toEqual([[1, 'Export']]);
    expect(kept.prepare(text).all()).toEqual([{ id: 1, summary: 'Export' }]);
  });

  it('sees a column that was added since the statement was compiled', () => {
    kept.prepare('INSERT INTO story VALUES (?, ?)').run(1, 'Export');
    const text = 'SELECT * FROM story';
    kept.prepare(text).all();
    sqlite.exec('ALTER TABLE story ADD COLUMN points INTEGER DEFAULT 3');
    expect(kept.prepare(text).all()).toEqual([{ id: 1, summary: 'Export', points: 3 }]);
  });

  it('lets go of the longest unused of very many texts', () => {
    const used = kept.prepare('SELECT 0');
    const unused = kept.prepare('SELECT -1');
    for (let n = 1; n <= 600; n++) {
      kept.prepare(`SELECT ${n}`);
      kept.prepare('SELECT 0');
    }
    expect(kept.prepare('SELECT 0')).toBe(used);
    expect(kept.prepare('SELECT -1')).not.toBe(unused);
  });

  it('rolls a transaction back that throws', () => {
    const failing = kept.transaction(() => {
      kept.prepare('INSERT INTO story VALUES (?, ?)').run(1, 'Export');
      throw new Error('no');
    });
    expect(() => failing.immediate()).toThrow('no');
    expect(kept.prepare('SELECT count(*) AS n FROM story').get()).toEqual({ n: 0 });
  });
});
