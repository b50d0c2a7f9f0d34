import type { AppDatabase } from '../db/connection.ts';
import {
  pseudonymiseStretch,
  type AuditSeals,
  type AuditStretch,
  type PseudonymisedPerson,
} from './audit-pseudonym.ts';
import { inHastyTransaction, inTransaction } from './transaction.ts';

/** One table's rows, as they lie in the database but for secrets and their digests. */
export interface PersonalRows {
  table: string;
  rows: Record<string, unknown>[];
}

/** Tables whose rows name their person. */
export const tablesOfPerson = {
  user: 'id',
  session: 'user_id',
  api_key: 'user_id',
  llm_config: 'user_id',
  confluence_config: 'user_id',
  preference: 'user_id',
  tool_catalog: 'user_id',
  background_job: 'user_id',
  model_call: 'user_id',
  conversation: 'user_id',
  audit_event: 'user_id',
} as const;

/** Tables whose rows name their conversation, and through it their person. */
export const tablesOfConversation = [
  'message',
  'clarification',
  'source',
  'run',
  'run_event',
  'story_draft',
  'story_draft_version',
  'approval',
  'creation_intent',
  'creation_undo',
] as const;

/**
 * Tables with nothing of a person, or only for ten minutes, or no more than the employee ids that administrators put
 * down. A new table belongs into one of these three lists.
 */
export const otherTables = [
  'keyring_check',
  'registration_attempt',
  'storage_probe',
  'bypass_policy',
  '__drizzle_migrations',
] as const;

const secretColumns = /encrypted|hashed_password/;
/** Digests that stand for a secret. */
const digestColumns: Record<string, string> = { session: 'id', api_key: 'hash' };

export type PersonDataRepository = ReturnType<typeof createPersonDataRepository>;

/** All that is stored of one person: to hand out, and to delete. */
export function createPersonDataRepository(db: AppDatabase) {
  const { sqlite } = db;

  return {
    /** Removed ones too, that could still be brought back. */
    conversationIds(userId: string): string[] {
      return sqlite
        .prepare<[string], { id: string }>('SELECT id FROM conversation WHERE user_id = ? ORDER BY id')
        .all(userId)
        .map(({ id }) => id);
    },

    ofPerson(userId: string): PersonalRows[] {
      return Object.entries(tablesOfPerson).map(([table, column]) =>
        readable(table, `SELECT * FROM "${table}" WHERE "${column}" = ?`, userId),
      );
    },

    ofConversation(conversationId: string): PersonalRows[] {
      return tablesOfConversation.map((table) => {
        const isVersion = table === 'story_draft_version';
        const where = isVersion
          ? 'draft_id IN (SELECT id FROM story_draft WHERE conversation_id = ?)'
          : 'conversation_id = ?';
        return readable(table, `SELECT * FROM "${table}" WHERE ${where}`, conversationId);
      });
    },

    /**
     * One stretch of the audit log, after an id: whose events of the person are whole, or, with `write`, what names
     * them there is taken out, all of it or nothing. Null where one of theirs is not whole.
     */
    pseudonymise(
      person: PseudonymisedPerson,
      seals: AuditSeals,
      stretch: { afterId: number; write: boolean },
    ): AuditStretch | null {
      if (!stretch.write) return pseudonymiseStretch(db, seals, person, stretch);
      return overwriting(sqlite, () =>
        inTransaction(db, () => pseudonymiseStretch(db, seals, person, stretch)),
      );
    },

    /**
     * Deletes one conversation with what hangs on it, and overwrites it in its place. For a person who goes: `erase`
     * follows, and waits for the disk.
     */
    eraseConversation(conversationId: string): void {
      overwriting(sqlite, () =>
        inHastyTransaction(db, () =>
          sqlite.prepare('DELETE FROM conversation WHERE id = ?').run(conversationId),
        ),
      );
    },

    /**
     * Deletes the person with everything that is theirs, and takes their name out of the audit events after an id: all
     * or nothing. What is deleted is overwritten in its place, and the log that still held it is emptied. Copies that
     * SQLite left between rows when it rearranged them stay until the file is written anew. Returns how many audit
     * events were changed, or null, with nothing deleted, where one of those is not whole.
     */
    erase(person: PseudonymisedPerson, seals: AuditSeals, auditAfterId: number): number | null {
      const changed = overwriting(sqlite, () =>
        inTransaction(db, () => {
          // First of all: once a row is gone, only an error could bring it back.
          const changed = pseudonymiseRest(person, seals, auditAfterId);
          if (changed !== null) deleteRows(person);
          return changed;
        }),
      );
      sqlite.pragma('wal_checkpoint(TRUNCATE)');
      return changed;
    },
  };

  function pseudonymiseRest(person: PseudonymisedPerson, seals: AuditSeals, afterId: number): number | null {
    let changed = 0;
    for (let from = afterId; ;) {
      const stretch = pseudonymiseStretch(db, seals, person, { afterId: from, write: true });
      if (stretch === null) return null;
      changed += stretch.theirs;
      if (stretch.isLast) return changed;
      from = stretch.upTo;
    }
  }

  function deleteRows({ userId, employeeId }: PseudonymisedPerson): void {
    // Whatever was begun since the others were deleted one by one.
    sqlite.prepare('DELETE FROM conversation WHERE user_id = ?').run(userId);
    sqlite
      .prepare(
        "DELETE FROM registration_attempt WHERE lower(json_extract(person, '$.employeeId')) = lower(?)",
      )
      .run(employeeId);
    sqlite
      .prepare(
        `UPDATE bypass_policy SET people =
          (SELECT json_group_array(value) FROM json_each(people) WHERE lower(value) <> lower(:id))
        WHERE EXISTS (SELECT 1 FROM json_each(people) WHERE lower(value) = lower(:id))`,
      )
      .run({ id: employeeId });
    sqlite.prepare('DELETE FROM user WHERE id = ?').run(userId);
  }

  function readable(table: string, query: string, id: string): PersonalRows {
    const rows = sqlite.prepare<[string], Record<string, unknown>>(query).all(id);
    const isShown = (column: string) => !secretColumns.test(column) && digestColumns[table] !== column;
    return {
      table,
      rows: rows.map((row) => Object.fromEntries(Object.entries(row).filter(([column]) => isShown(column)))),
    };
  }
}

/** Deletes within `work` leave zeros; always doing so would cost every run more writing. */
function overwriting<T>(sqlite: AppDatabase['sqlite'], work: () => T): T {
  sqlite.pragma('secure_delete = ON');
  try {
    return work();
  } finally {
    sqlite.pragma('secure_delete = OFF');
  }
}
