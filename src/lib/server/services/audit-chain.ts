import { createHmac } from 'node:crypto';
import type { AuditSeals } from '../repositories/audit-pseudonym.ts';
import type { AuditEvent, AuditRepository, UnsealedAuditEvent } from '../repositories/audit-repository.ts';

const PAGE = 500;

/**
 * One link of the chain, hex: over the event and the link before. Keyed, so that whoever can write to the database
 * but has no key file cannot mend a chain that they broke.
 */
export function auditLink(auditKey: Buffer, event: UnsealedAuditEvent, before: string | null): string {
  return keyedHash(auditKey, [before, ...factsOf(event)]);
}

/**
 * How an event is known to be as the product wrote it: by its link, or, where a deleted person's name was taken out, by
 * a seal over what is left. That one holds the link too, with which the chain runs on as if nothing had been changed.
 */
export function auditSeals(auditKey: Buffer): AuditSeals {
  const redacted: AuditSeals['redacted'] = (event, before) =>
    keyedHash(auditKey, ['redacted', before, event.hash, ...factsOf(event)]);
  return {
    redacted,
    isWhole: (event, before) =>
      event.redactedSeal === null
        ? event.hash === auditLink(auditKey, event, before)
        : event.redactedSeal === redacted(event, before),
  };
}

/** An event as it is remembered outside of the database. */
export type AuditMark = Pick<AuditEvent, 'id' | 'hash'>;

export type ChainVerdict =
  | { intact: true; events: number; newest: AuditMark | null }
  | { intact: false; brokenAt: number; reason: string };

/**
 * Walks the whole audit log and names the first event that was changed, inserted, or is missing, also at the end.
 * Rows that were cut off the end together with SQLite's own count of them leave a whole chain: only an event that was
 * `remembered` elsewhere shows that.
 */
export function verifyAuditChain(
  repository: Pick<AuditRepository, 'after' | 'lastId'>,
  auditKey: Buffer,
  remembered: AuditMark | null = null,
): ChainVerdict {
  // Read first: events that arrive during the walk must not look like missing ones.
  const lastId = repository.lastId();
  const seals = auditSeals(auditKey);
  let before: AuditEvent | null = null;
  let events = 0;
  for (;;) {
    const page = repository.after(before?.id ?? 0, PAGE);
    for (const event of page) {
      if (event.id !== (before?.id ?? 0) + 1)
        return broken(event.id, `events before ${event.id} are missing`);
      if (!seals.isWhole(event, before?.hash ?? null))
        return broken(event.id, `event ${event.id} was changed`);
      if (event.id === remembered?.id && event.hash !== remembered.hash)
        return broken(event.id, `event ${event.id} is not the one that is remembered`);
      before = event;
      events += 1;
    }
    if (page.length < PAGE) break;
  }
  const reached = before?.id ?? 0;
  return reached < Math.max(lastId, remembered?.id ?? 0)
    ? broken(reached + 1, `events after ${reached} are missing`)
    : { intact: true, events, newest: before };
}

/** An array in a fixed order, since the order of an object's keys is nobody's promise. */
function factsOf(event: UnsealedAuditEvent): unknown[] {
  const { id, at, userId, employeeId, action, outcome, detail, requestId } = event;
  return [id, at, userId, employeeId, action, outcome, detail, requestId];
}

function keyedHash(auditKey: Buffer, facts: unknown[]): string {
  return createHmac('sha256', auditKey).update(JSON.stringify(facts)).digest('hex');
}

function broken(brokenAt: number, reason: string): ChainVerdict {
  return { intact: false, brokenAt, reason };
}
