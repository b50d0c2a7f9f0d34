import { createAuditRepository } from '../repositories/audit-repository.ts';
import { createPersonDataRepository } from '../repositories/person-data-repository.ts';
import { createSessionRepository } from '../repositories/session-repository.ts';
import { createOwnDataService } from '../services/own-data-service.ts';
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

/** What a person may take away and delete: it reaches into every file of the data folder. */
export function createOwnData(parts: OwnDataParts): OwnDataService {
  const { foundations, accounts, conversations, desks } = parts;
  const { db, keyring, clock } = foundations;
  return createOwnDataService({
    ...accounts,
    data: createPersonDataRepository(db),
    auditLog: createAuditRepository(db),
    auditKey: keyring.auditKey,
    sessions: createSessionRepository(db),
    runs: conversations.runs,
    checkpoints: conversations.agent,
    forgetRemotes: desks.forget,
    clock,
  });
}
