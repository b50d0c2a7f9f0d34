import Database from 'better-sqlite3';

/**
 * Bytes of all checkpoints and of what was written beside them. Counted in the rows: the file's own size says little while its write-ahead log grows and is emptied.
 */
export function checkpointBytes(file: string): number {
  const db = new Database(file, { readonly: true });
  try {
    const sum = (query: string) => (db.prepare(query).get() as { bytes: number | null }).bytes ?? 0;
    return (
      sum('SELECT sum(length(checkpoint) + length(metadata)) AS bytes FROM checkpoints') +
      sum('SELECT sum(length(value)) AS bytes FROM writes')
    );
  } finally {
    db.close();
  }
}
