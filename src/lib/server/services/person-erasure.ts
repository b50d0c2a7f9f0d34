import { ConflictError } from '../errors/app-error.ts';
import type { AuditRepository } from '../repositories/audit-repository.ts';
import type { PersonDataRepository } from '../repositories/person-data-repository.ts';
import type { SessionRepository } from '../repositories/session-repository.ts';
import { auditLink, verifyAuditChain } from './audit-chain.ts';
import type { RunService } from './run-service.ts';
import type { SessionEnds } from './session-ends.ts';

export interface PersonErasureDeps {
  data: Pick<PersonDataRepository, 'conversationIds' | 'erase'>;
  auditLog: Pick<AuditRepository, 'after' | 'lastId'>;
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
 * @throws ConflictError `audit_not_whole`, before anything is touched.
 */
export type PersonErasure = (person: { userId: string; employeeId: string }) => Promise<ErasedPerson>;

/** What a refusal of a deletion says first. */
export const nothingDeleted = 'Nothing was deleted.';

export function createPersonErasure(deps: PersonErasureDeps): PersonErasure {
  const { data, auditLog, auditKey, sessions, ends, runs, checkpoints } = deps;

  return async ({ userId, employeeId }) => {
    if (!verifyAuditChain(auditLog, auditKey).intact) {
      // Linking it anew would hide what somebody did to it.
      throw new ConflictError('audit_not_whole', `The audit log is not whole. ${nothingDeleted}`, {
        hint: 'Whoever runs Backlogue has to run the check of the audit log first.',
      });
    }
    const conversationIds = data.conversationIds(userId);
    for (const sessionId of await sessions.removeAll(userId))
      ends.announce({ sessionId, userId, reason: 'ended' });
    for (const conversationId of conversationIds) {
      runs.stop(conversationId);
      await runs.settled(conversationId);
    }
    await deps.forgetRemotes(userId);
    for (const conversationId of conversationIds) await checkpoints.forget(conversationId);
    const pseudonym = `deleted-${userId.slice(-8).toLowerCase()}`;
    const auditEvents = data.erase({ userId, employeeId, pseudonym }, (event, before) =>
      auditLink(auditKey, event, before),
    );
    return { pseudonym, conversations: conversationIds.length, auditEvents };
  };
}
