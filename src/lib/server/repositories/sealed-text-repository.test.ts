import { expect, it } from 'vitest';
import { openTempDatabase } from '../../../../tests/support/temp-database.ts';
import { sealedColumns } from './sealed-text-repository.ts';

it('knows every column whose name says that it is encrypted, or a rotation would leave it unreadable', () => {
  using temp = openTempDatabase();
  const columns = temp.db.sqlite
    .prepare(
      `SELECT m.name || '.' || c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c
       WHERE m.type = 'table' AND c.name LIKE '%encrypted%' ORDER BY 1`,
    )
    .pluck()
    .all();
  expect(sealedColumns.map(({ table, field }) => `${table}.${field}`).sort()).toEqual(columns);
});
