import { setImmediate } from 'node:timers/promises';
import type { AuditSeals, PseudonymisedPerson } from '../repositories/audit-pseudonym.ts';
import type { PersonDataRepository } from '../repositories/person-data-repository.ts';

/**
 * Goes through the whole audit log stretch by stretch and serves everybody else in between: it may hold years. Each
 * stretch is a transaction of its own, after which the chain is whole, so a process that dies in between leaves a log
 * that the next try goes on with. Returns how far it came and how many events name the person, or null where one of
 * those is not whole.
 */
export async function walkAuditEvents(
  data: Pick<PersonDataRepository, 'pseudonymise'>,
  seals: AuditSeals,
  person: PseudonymisedPerson,
  { write }: { write: boolean },
): Promise<{ upTo: number; theirs: number } | null> {
  let upTo = 0;
  let theirs = 0;
  for (;;) {
    const stretch = data.pseudonymise(person, seals, { afterId: upTo, write });
    if (stretch === null) return null;
    upTo = stretch.upTo;
    theirs += stretch.theirs;
    if (stretch.isLast) return { upTo, theirs };
    await setImmediate();
  }
}
