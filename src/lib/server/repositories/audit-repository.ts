import { asc, desc, gt } from 'drizzle-orm';
import type { AppDatabase } from '../db/connection.ts';
import { auditEvents } from '../db/schema/index.ts';
import { inTransaction } from './transaction.ts';

export type AuditEvent = typeof auditEvents.$inferSelect;
/** An event that has its place in the chain but not yet its hash. */
export type UnsealedAuditEvent = Omit<AuditEvent, 'hash' | 'redactedSeal'>;
export type AuditRepository = ReturnType<typeof createAuditRepository>;

/** The audit log: rows are appended and read. What is taken out of them afterwards, audit-pseudonym.ts says. */
export function createAuditRepository(db: AppDatabase) {
  const { orm, sqlite } = db;

  return {
    /**
     * Appends one event. `seal` gets it with its id and the hash of the event before (null for the first), inside
     * the write lock, so that two processes cannot continue the chain from the same link.
     */
    append(
      event: Omit<UnsealedAuditEvent, 'id'>,
      seal: (event: UnsealedAuditEvent, before: string | null) => string,
    ): void {
      inTransaction(db, (tx) => {
        const last = tx
          .select({ hash: auditEvents.hash })
          .from(auditEvents)
          .orderBy(desc(auditEvents.id))
          .limit(1)
          .get();
        const placed = { ...event, id: lastId() + 1 };
        tx.insert(auditEvents)
          .values({ ...placed, hash: seal(placed, last?.hash ?? null) })
          .run();
      });
    },

    /** Oldest first, from after an id. */
    after(id: number, limit: number): AuditEvent[] {
      return orm
        .select()
        .from(auditEvents)
        .where(gt(auditEvents.id, id))
        .orderBy(asc(auditEvents.id))
        .limit(limit)
        .all();
    },

    lastId,
  };

  /** The highest id ever given: SQLite keeps it apart, so it stays when rows at the end are deleted. */
  function lastId(): number {
    const row = sqlite.prepare("SELECT seq FROM sqlite_sequence WHERE name = 'audit_event'").get();
    return typeof row === 'object' && row !== null && 'seq' in row ? Number(row.seq) : 0;
  }
}
