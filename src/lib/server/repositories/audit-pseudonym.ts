import { asc, eq, gt, sql } from 'drizzle-orm';
import type { AppDatabase } from '../db/connection.ts';
import { auditEvents } from '../db/schema/index.ts';
import type { AuditEvent, UnsealedAuditEvent } from './audit-repository.ts';

export type AuditSeal = (event: UnsealedAuditEvent, before: string | null) => string;

interface Pseudonym {
  userId: string;
  employeeId: string;
  pseudonym: string;
}

const eventsAtOnce = 500;

/**
 * Replaces a person's employee id in the audit log and drops their addresses, then links the chain anew from there
 * on: what happened stays, in its order. To be called inside a transaction, on a chain that was found whole. Returns
 * how many events name the pseudonym now.
 */
export function pseudonymiseAudit(
  { orm }: Pick<AppDatabase, 'orm'>,
  person: Pseudonym,
  seal: AuditSeal,
): number {
  let changed = 0;
  let before: AuditEvent | null = null;
  for (;;) {
    const page = orm
      .select()
      .from(auditEvents)
      .where(gt(auditEvents.id, before?.id ?? 0))
      .orderBy(asc(auditEvents.id))
      .limit(eventsAtOnce)
      .all();
    for (const event of page) {
      const named: UnsealedAuditEvent = withPseudonym(event, person);
      if (named.detail !== event.detail || named.employeeId !== event.employeeId) changed += 1;
      const link = seal(named, before?.hash ?? null);
      before = { ...named, hash: link };
      if (link === event.hash) continue;
      const { employeeId, detail } = named;
      orm
        .update(auditEvents)
        .set({ employeeId, detail, hash: sql`${link}` })
        .where(eq(auditEvents.id, event.id))
        .run();
    }
    if (page.length < eventsAtOnce) return changed;
  }
}

function withPseudonym(event: AuditEvent, { userId, employeeId, pseudonym }: Pseudonym): UnsealedAuditEvent {
  const { hash: _, ...unsealed } = event;
  const isTheirs = event.userId === userId || isSame(event.employeeId, employeeId);
  const detail = JSON.parse(event.detail) as Record<string, unknown>;
  const kept = Object.entries(detail)
    .filter(([name]) => !isTheirs || name !== 'address')
    .map(([name, fact]) => [name, isSame(fact, employeeId) ? pseudonym : fact]);
  return {
    ...unsealed,
    employeeId: isTheirs ? pseudonym : event.employeeId,
    detail: JSON.stringify(Object.fromEntries(kept)),
  };
}

function isSame(value: unknown, employeeId: string): boolean {
  return typeof value === 'string' && value.toLowerCase() === employeeId.toLowerCase();
}
