import { ConflictError, NotFoundError } from '../../errors/app-error.ts';
import type {
  DirectoryFilter,
  PeopleDirectoryRepository,
} from '../../repositories/people-directory-repository.ts';
import type { SessionRepository } from '../../repositories/session-repository.ts';
import type { PasswordProof } from '../password-proof.ts';
import { nothingDeleted, type PersonErasure } from '../person-erasure.ts';
import type { SessionEnd, SessionEnds } from '../session-ends.ts';
import type { Actor, AuditService } from '../services.ts';
import type { UserAdministrationService } from './administration-services.ts';
import { requireAdministrator } from './require-administrator.ts';

export interface UserAdministrationDeps {
  directory: PeopleDirectoryRepository;
  sessions: Pick<SessionRepository, 'removeAll'>;
  ends: Pick<SessionEnds, 'announce'>;
  audit: AuditService;
  provePassword: PasswordProof;
  erasePerson: PersonErasure;
  /** From config.json, so it is asked anew each time. */
  isAdministrator(employeeId: string): boolean;
  clock: { now(): number };
}

export const peoplePerPage = 50;

/** What administrators do about people. They never see what a person wrote, nor a secret of theirs. */
export function createUserAdministration(deps: UserAdministrationDeps): UserAdministrationService {
  const { directory, sessions, ends, audit, provePassword, erasePerson, isAdministrator, clock } = deps;

  async function find(actor: Actor, userId: string) {
    requireAdministrator(actor);
    const person = await directory.find(userId);
    if (person === null) throw new NotFoundError('person_missing', 'There is no such person any more.');
    return person;
  }

  function announceAll(userId: string, sessionIds: string[], reason: SessionEnd['reason']): void {
    for (const sessionId of sessionIds) ends.announce({ sessionId, userId, reason });
  }

  return {
    async list(actor, { page, ...filter }) {
      requireAdministrator(actor);
      const place = { now: clock.now(), offset: (page - 1) * peoplePerPage, limit: peoplePerPage };
      const { people, total } = await directory.page(normalised(filter), place);
      return {
        people: people.map((person) => ({
          ...person,
          role: isAdministrator(person.employeeId) ? 'administrator' : 'user',
        })),
        total,
        pages: Math.max(1, Math.ceil(total / peoplePerPage)),
      };
    },

    async disable(actor, userId) {
      const { employeeId, disabledAt } = await find(actor, userId);
      if (userId === actor.userId) {
        throw new ConflictError('own_account', 'You cannot disable your own account.', {
          hint: 'Another administrator can, if it has to be.',
        });
      }
      if (disabledAt !== null) return;
      const ended = await directory.disable(userId, clock.now());
      announceAll(userId, ended, 'disabled');
      const detail = { person: employeeId, sessionsEnded: ended.length };
      audit.record(actor, { action: 'user.disable', outcome: 'ok', detail });
    },

    async enable(actor, userId) {
      const { employeeId, disabledAt } = await find(actor, userId);
      if (disabledAt === null) return;
      await directory.enable(userId, clock.now());
      audit.record(actor, { action: 'user.enable', outcome: 'ok', detail: { person: employeeId } });
    },

    async endSessions(actor, userId) {
      const { employeeId } = await find(actor, userId);
      const ended = await sessions.removeAll(userId);
      announceAll(userId, ended, 'ended');
      const detail = { person: employeeId, sessionsEnded: ended.length };
      audit.record(actor, { action: 'user.end_sessions', outcome: 'ok', detail });
      return { ended: ended.length };
    },

    async erase(actor, userId, { currentPassword }) {
      const { employeeId, disabledAt } = await find(actor, userId);
      if (userId === actor.userId) {
        throw new ConflictError('own_account', `This is your own account. ${nothingDeleted}`, {
          hint: 'You can delete it on your profile page.',
        });
      }
      // Two steps: who is disabled by mistake can be let in again, and nobody writes while their things are deleted.
      if (disabledAt === null) {
        throw new ConflictError('person_not_disabled', `This person can still sign in. ${nothingDeleted}`, {
          hint: 'Disable them first.',
        });
      }
      await provePassword(actor, currentPassword, {
        refused: { action: 'person.erase', detail: { person: employeeId } },
        field: 'erasePassword',
        sentence: nothingDeleted,
      });
      const { pseudonym, ...counts } = await erasePerson({ userId, employeeId });
      const detail = { person: pseudonym, ...counts };
      audit.record(actor, { action: 'person.erase', outcome: 'ok', detail });
    },
  };
}

function normalised({ search, status }: DirectoryFilter): DirectoryFilter {
  return { search: search.trim(), status };
}
