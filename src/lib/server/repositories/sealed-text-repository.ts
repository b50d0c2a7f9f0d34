import { z } from 'zod';
import type { AppDatabase } from '../db/connection.ts';

/** Every column that holds sealed texts, and whose id they are bound to. A new one must be added here. */
export const sealedColumns = [
  { table: 'user', field: 'encrypted_jira_pat', owner: 'id' },
  { table: 'user', field: 'jira_encrypted_ca', owner: 'id' },
  { table: 'confluence_config', field: 'encrypted_pat', owner: 'user_id' },
  { table: 'confluence_config', field: 'encrypted_ca', owner: 'user_id' },
  { table: 'llm_config', field: 'encrypted_credential', owner: 'user_id' },
  { table: 'llm_config', field: 'encrypted_ca', owner: 'user_id' },
  { table: 'registration_attempt', field: 'encrypted_jira_pat', owner: 'id' },
] as const;

export interface SealedText {
  place: { userId: string; table: string; field: string };
  text: string;
}

export type SealedTextRepository = ReturnType<typeof createSealedTextRepository>;
const rowsSchema = z.array(z.object({ owner: z.string(), text: z.string() }));

/** All sealed texts of the database, whoever's they are: for the rotation of keys alone. */
export function createSealedTextRepository({ sqlite }: AppDatabase) {
  return {
    all(): SealedText[] {
      return sealedColumns.flatMap(({ table, field, owner }) => {
        const rows = sqlite
          // A person who took their Jira token out has an empty text in its place.
          .prepare(`SELECT ${owner} AS owner, ${field} AS text FROM ${table} WHERE ${field} <> ''`)
          .all();
        return rowsSchema
          .parse(rows)
          .map((row) => ({ place: { userId: row.owner, table, field }, text: row.text }));
      });
    },

    /** Puts another text in its place, unless it has changed meanwhile: then the newer one stays. */
    replace({ place, text }: SealedText, resealed: string): void {
      const column = sealedColumns.find(({ table, field }) => table === place.table && field === place.field);
      if (column === undefined) throw new Error(`${place.table}.${place.field} holds no sealed texts.`);
      const { table, field, owner } = column;
      sqlite
        .prepare(`UPDATE ${table} SET ${field} = ? WHERE ${owner} = ? AND ${field} = ?`)
        .run(resealed, place.userId, text);
    },
  };
}
