import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openCheckpoints } from './checkpoints.ts';

const FULL = 2;

it('writes through to the disk on every open, not only on the first', () => {
  const folder = mkdtempSync(join(tmpdir(), 'checkpoints-'));
  for (let open = 1; open <= 2; open += 1) {
    const checkpoints = openCheckpoints(join(folder, 'checkpoints.db'));
    expect(checkpoints.saver.db.pragma('synchronous', { simple: true })).toBe(FULL);
    expect(checkpoints.saver.db.pragma('journal_mode', { simple: true })).toBe('wal');
    checkpoints.close();
  }
  rmSync(folder, { recursive: true });
});
