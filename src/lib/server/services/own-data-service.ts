import { ConflictError } from '../errors/app-error.ts';
import type { AuditRepository } from '../repositories/audit-repository.ts';
import type { PersonDataRepository } from '../repositories/person-data-repository.ts';
import type { SessionRepository } from '../repositories/session-repository.ts';
import { auditLink, verifyAuditChain } from './audit-chain.ts';
import type { PasswordProof } from './password-proof.ts';
import type { RunService } from './run-service.ts';
import type { AuditService, OwnDataService } from './services.ts';
import type { SessionEnds } from './session-ends.ts';

export interface OwnDataDeps {
  data: PersonDataRepository;
  auditLog: Pick<AuditRepository, 'after' | 'lastId'>;
  auditKey: Buffer;
  audit: AuditService;
  provePassword: PasswordProof;
  sessions: Pick<SessionRepository, 'removeAll'>;
  ends: Pick<SessionEnds, 'announce'>;
  runs: Pick<RunService, 'stop' | 'settled'>;
  /** Where conversations stand with the agent, in a file of their own. */
  checkpoints: { forget(conversationId: string): Promise<void> };
  /** Closes what is open to remote systems in the person's name. */
  forgetRemotes(userId: string): Promise<void>;
  clock: { now(): number };
}

/** What is stored of a person, for that person: to take away, and to delete. */
export function createOwnDataService(deps: OwnDataDeps): OwnDataService {
  const { data, auditLog, auditKey, audit, sessions, ends, runs, checkpoints, clock } = deps;

  return {
    async exportAll(actor) {
      audit.record(actor, { action: 'person.export', outcome: 'ok' });
      const day = new Date(clock.now()).toISOString().slice(0, 10);
      return {
        fileName: `backlogue-${actor.userId}-${day}.json`,
        contentType: 'application/json; charset=utf-8',
        chunks: exported(data, actor.userId),
      };
    },

    async erase(actor, { currentPassword }) {
      const { userId, employeeId, requestId } = actor;
      const kept = 'Nothing was deleted.';
      await deps.provePassword(actor, currentPassword, {
        refused: { action: 'person.erase' },
        field: 'erasePassword',
        sentence: kept,
      });
      if (!verifyAuditChain(auditLog, auditKey).intact) {
        // Linking it anew would hide what somebody did to it.
        throw new ConflictError('audit_not_whole', `The audit log is not whole. ${kept}`, {
          hint: 'Ask your administrator to run the check of the audit log first.',
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
      const events = data.erase({ userId, employeeId, pseudonym }, (event, before) =>
        auditLink(auditKey, event, before),
      );
      audit.record(
        { userId, employeeId: pseudonym, requestId },
        {
          action: 'person.erase',
          outcome: 'ok',
          detail: { conversations: conversationIds.length, auditEvents: events },
        },
      );
    },
  };
}

/** One JSON document, a conversation at a time, so that a long history is never in memory as a whole. */
async function* exported(data: PersonDataRepository, userId: string): AsyncGenerator<string> {
  yield '{"schemaVersion":1';
  for (const { table, rows } of data.ofPerson(userId))
    yield `,\n${JSON.stringify(table)}:${JSON.stringify(rows)}`;
  yield ',\n"conversations":[';
  let separator = '';
  for (const conversationId of data.conversationIds(userId)) {
    const tables = data.ofConversation(conversationId).map(({ table, rows }) => [table, rows] as const);
    yield `${separator}\n${JSON.stringify({ conversationId, ...Object.fromEntries(tables) })}`;
    separator = ',';
  }
  yield ']}\n';
}
