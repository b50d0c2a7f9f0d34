import { setImmediate } from 'node:timers/promises';
import { ConflictError } from '../errors/app-error.ts';
import type { PersonDataRepository } from '../repositories/person-data-repository.ts';
import type { SessionRepository } from '../repositories/session-repository.ts';
import { auditSeals } from './audit-chain.ts';
import type { RunService } from './run-service.ts';
import type { SessionEnds } from './session-ends.ts';
import { walkAuditEvents } from './walk-audit-events.ts';

export interface PersonErasureDeps {
  data: Pick<PersonDataRepository, 'conversationIds' | 'erase' | 'eraseConversation' | 'pseudonymise'>;
  auditKey: Buffer;
  sessions: Pick<SessionRepository, 'removeAll'>;
  ends: Pick<SessionEnds, 'announce'>;
  runs: Pick<RunService, 'stop' | 'settled'>;
  /** Where conversations stand with the agent, in a file of their own. */
  checkpoints: { forget(conversationId: string): Promise<void> };
  /** Closes what is open to remote systems in the person's name. */
  forgetRemotes(userId: string): Promise<void>;
}

/** What there was, and under which name the audit log goes on. */
export interface ErasedPerson {
  pseudonym: string;
  conversations: number;
  /** Events of the audit log that were changed. */
  auditEvents: number;
}

/**
 * Deletes a person and all that is theirs for good. Only the audit log goes on, under a pseudonym. Whoever asks has shown
 * that they may.
 * @throws ConflictError `audit_not_whole` where an event that names the person was changed, before anything is touched.
 */
export type PersonErasure = (person: { userId: string; employeeId: string }) => Promise<ErasedPerson>;

/** What a refusal of a deletion says first. */
export const nothingDeleted = 'Nothing was deleted.';
const accountKept = 'The account was not deleted.';

export function createPersonErasure(deps: PersonErasureDeps): PersonErasure {
  const { data, sessions, ends, runs, checkpoints } = deps;
  const seals = auditSeals(deps.auditKey);

  return async ({ userId, employeeId }) => {
    const person = { userId, employeeId, pseudonym: `deleted-${userId.slice(-8).toLowerCase()}` };
    const found = await walkAuditEvents(data, seals, person, { write: false });
    if (found === null) throw auditNotWhole(nothingDeleted);
    const conversationIds = data.conversationIds(userId);
    for (const sessionId of await sessions.removeAll(userId))
      ends.announce({ sessionId, userId, reason: 'ended' });
    for (const conversationId of conversationIds) {
      runs.stop(conversationId);
      await runs.settled(conversationId);
    }
    await deps.forgetRemotes(userId);
    for (const conversationId of conversationIds) await checkpoints.forget(conversationId);
    const walked = await walkAuditEvents(data, seals, person, { write: true });
    if (walked === null) throw auditNotWhole(accountKept);
    // Years of conversations at once would hold up everybody else.
    for (const conversationId of conversationIds) {
      data.eraseConversation(conversationId);
      await setImmediate();
    }
    // What was recorded since the last stretch goes with the rows.
    const since = data.erase(person, seals, walked.upTo);
    if (since === null) throw auditNotWhole(accountKept);
    return {
      pseudonym: person.pseudonym,
      conversations: conversationIds.length,
      auditEvents: walked.theirs + since,
    };
  };
}

/** Somebody changed what is written there of the person: to seal it anew would hide that. */
function auditNotWhole(kept: string): ConflictError {
  return new ConflictError('audit_not_whole', `The audit log is not whole. ${kept}`, {
    hint: 'Whoever runs Backlogue has to run the check of the audit log first.',
  });
}
