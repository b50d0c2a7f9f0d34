import { asc, eq, gte } from 'drizzle-orm';
import type { AppDatabase } from '../db/connection.ts';
import { auditEvents } from '../db/schema/index.ts';
import type { AuditEvent } from './audit-repository.ts';

/** What the chain says of an event. `before` is the hash of the event before it, null for the first. */
export interface AuditSeals {
  isWhole(event: AuditEvent, before: string | null): boolean;
  /** Seals an event as it stands after a name was taken out. */
  redacted(event: Omit<AuditEvent, 'redactedSeal'>, before: string | null): string;
}

export interface PseudonymisedPerson {
  userId: string;
  employeeId: string;
  pseudonym: string;
}

/** A stretch of the log that was looked through. */
export interface AuditStretch {
  /** The last event looked at: where the next stretch goes on. */
  upTo: number;
  isLast: boolean;
  /** How many events name the person. */
  theirs: number;
}

/** Few enough that looking through them keeps nobody waiting. */
const eventsAtOnce = 500;

/**
 * Looks through the events after an id for those that name a person or tell of them; without `write` nothing is
 * changed. With it the person's employee id gives way to a pseudonym there, their addresses go, and the event is sealed
 * anew in its place: the chain runs on over its old hash, so no other event is touched. To be called within a
 * transaction. Returns null where an event of theirs is not whole: sealing it would hide what somebody did to it.
 */
export function pseudonymiseStretch(
  { orm }: Pick<AppDatabase, 'orm'>,
  seals: AuditSeals,
  person: PseudonymisedPerson,
  { afterId, write }: { afterId: number; write: boolean },
): AuditStretch | null {
  // The one before comes along, since each event is chained to it.
  const read = orm
    .select()
    .from(auditEvents)
    .where(gte(auditEvents.id, afterId))
    .orderBy(asc(auditEvents.id))
    .limit(eventsAtOnce + 1)
    .all();
  let before = read[0]?.id === afterId ? (read.shift() ?? null) : null;
  let theirs = 0;
  for (const event of read) {
    const named = withPseudonym(event, person);
    if (named !== null) {
      theirs += 1;
      if (!seals.isWhole(event, before?.hash ?? null)) return null;
      if (write) {
        const redactedSeal = seals.redacted(named, before?.hash ?? null);
        const { employeeId, detail } = named;
        const change = { employeeId, detail, redactedSeal };
        orm.update(auditEvents).set(change).where(eq(auditEvents.id, event.id)).run();
      }
    }
    before = event;
  }
  return { upTo: before?.id ?? afterId, isLast: read.length < eventsAtOnce, theirs };
}

/** Null where nothing of the person stands in it, or nothing any more. */
function withPseudonym(
  event: AuditEvent,
  { userId, employeeId, pseudonym }: PseudonymisedPerson,
): AuditEvent | null {
  const isTheirs = event.userId === userId || isSame(event.employeeId, employeeId);
  const kept = Object.entries(JSON.parse(event.detail) as Record<string, unknown>)
    .filter(([name]) => !isTheirs || name !== 'address')
    .map(([name, fact]) => [name, isSame(fact, employeeId) ? pseudonym : fact]);
  const named = {
    ...event,
    employeeId: isTheirs ? pseudonym : event.employeeId,
    detail: JSON.stringify(Object.fromEntries(kept)),
  };
  return named.employeeId === event.employeeId && named.detail === event.detail ? null : named;
}

function isSame(value: unknown, employeeId: string): boolean {
  return typeof value === 'string' && value.toLowerCase() === employeeId.toLowerCase();
}
