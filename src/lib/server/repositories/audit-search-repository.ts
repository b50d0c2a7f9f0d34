import { and, asc, desc, eq, gt, gte, lt, sql, type SQL } from 'drizzle-orm';
import type { AppDatabase } from '../db/connection.ts';
import { auditEvents } from '../db/schema/index.ts';
import type { AuditEvent } from './audit-repository.ts';

/** Each part narrows; null leaves it open. Times are milliseconds since 1970: from inclusive, until exclusive. */
export interface AuditFilter {
  /** A part of the employee id, without case. */
  person: string | null;
  action: string | null;
  outcome: AuditEvent['outcome'] | null;
  from: number | null;
  until: number | null;
}

export type AuditSearchRepository = ReturnType<typeof createAuditSearchRepository>;

/** The audit log as administrators read it. Pages go by id, so that new events move nothing. */
export function createAuditSearchRepository({ orm }: AppDatabase) {
  return {
    /** The newest first, older than an id. */
    async before(filter: AuditFilter, id: number | null, limit: number): Promise<AuditEvent[]> {
      const older = id === null ? undefined : lt(auditEvents.id, id);
      return orm
        .select()
        .from(auditEvents)
        .where(and(condition(filter), older))
        .orderBy(desc(auditEvents.id))
        .limit(limit)
        .all();
    },

    /** The oldest first, from after an id. */
    async after(filter: AuditFilter, id: number, limit: number): Promise<AuditEvent[]> {
      return orm
        .select()
        .from(auditEvents)
        .where(and(condition(filter), gt(auditEvents.id, id)))
        .orderBy(asc(auditEvents.id))
        .limit(limit)
        .all();
    },

    /** Every action that was ever recorded, by name. */
    async actions(): Promise<string[]> {
      // From one action to the next by the index: there are a few dozen, and events without end.
      const rows = orm.all<{ action: string }>(sql`
        with recursive known(action) as (
          select min(action) from audit_event
          union all
          select (select min(action) from audit_event where action > known.action) from known
          where known.action is not null)
        select action from known where action is not null`);
      return rows.map((row) => row.action);
    },
  };
}

function condition({ person, action, outcome, from, until }: AuditFilter): SQL | undefined {
  return and(
    person === null ? undefined : sql`instr(lower(${auditEvents.employeeId}), lower(${person})) > 0`,
    action === null ? undefined : eq(auditEvents.action, action),
    outcome === null ? undefined : eq(auditEvents.outcome, outcome),
    from === null ? undefined : gte(auditEvents.at, from),
    until === null ? undefined : lt(auditEvents.at, until),
  );
}
