import type { PersonDataRepository } from '../repositories/person-data-repository.ts';
import type { PasswordProof } from './password-proof.ts';
import { personDocument } from './person-document.ts';
import { nothingDeleted, type PersonErasure } from './person-erasure.ts';
import type { AuditService, OwnDataService } from './services.ts';

export interface OwnDataDeps {
  data: PersonDataRepository;
  erasePerson: PersonErasure;
  audit: AuditService;
  provePassword: PasswordProof;
  clock: { now(): number };
}

/** What is stored of a person, for that person: to take away, and to delete. */
export function createOwnDataService(deps: OwnDataDeps): OwnDataService {
  const { data, erasePerson, audit, provePassword, clock } = deps;

  return {
    async exportAll(actor) {
      audit.record(actor, { action: 'person.export', outcome: 'ok' });
      const day = new Date(clock.now()).toISOString().slice(0, 10);
      return {
        fileName: `backlogue-${actor.userId}-${day}.json`,
        contentType: 'application/json; charset=utf-8',
        chunks: personDocument(data, actor.userId),
      };
    },

    async erase(actor, { currentPassword }) {
      await provePassword(actor, currentPassword, {
        refused: { action: 'person.erase' },
        field: 'erasePassword',
        sentence: nothingDeleted,
      });
      const { pseudonym, ...counts } = await erasePerson(actor);
      audit.record(
        { userId: actor.userId, employeeId: pseudonym, requestId: actor.requestId },
        { action: 'person.erase', outcome: 'ok', detail: counts },
      );
    },
  };
}
