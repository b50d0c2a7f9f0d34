import { createPersonDataRepository } from '../repositories/person-data-repository.ts';
import { createSessionRepository } from '../repositories/session-repository.ts';
import { createOwnDataService } from '../services/own-data-service.ts';
import { createPersonErasure, type PersonErasure } from '../services/person-erasure.ts';
import type { OwnDataService } from '../services/services.ts';
import type { Accounts } from './accounts.ts';
import type { Conversations } from './conversations.ts';
import type { Foundations } from './foundations.ts';
import type { IssueDesks } from './issue-desks.ts';

interface OwnDataParts {
  foundations: Foundations;
  accounts: Accounts;
  conversations: Conversations;
  desks: Pick<IssueDesks, 'forget'>;
}

/** What is stored of people, to take away and to delete: it reaches into every file of the data folder. */
export function createOwnData(parts: OwnDataParts): {
  ownData: OwnDataService;
  erasePerson: PersonErasure;
} {
  const { foundations, accounts, conversations, desks } = parts;
  const { db, keyring, clock } = foundations;
  const data = createPersonDataRepository(db);
  const erasePerson = createPersonErasure({
    data,
    auditKey: keyring.auditKey,
    sessions: createSessionRepository(db),
    ends: accounts.ends,
    runs: conversations.runs,
    checkpoints: conversations.agent,
    forgetRemotes: desks.forget,
  });
  return { ownData: createOwnDataService({ ...accounts, data, erasePerson, clock }), erasePerson };
}
