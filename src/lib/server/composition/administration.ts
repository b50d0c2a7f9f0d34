import { bypassableRules } from '../../agent/story-agent.ts';
import { createAuditSearchRepository } from '../repositories/audit-search-repository.ts';
import { createBypassPolicyRepository } from '../repositories/bypass-policy-repository.ts';
import { createPeopleDirectoryRepository } from '../repositories/people-directory-repository.ts';
import { createSessionRepository } from '../repositories/session-repository.ts';
import type { AdministrationServices } from '../services/administration/administration-services.ts';
import { createAuditReading } from '../services/administration/audit-reading.ts';
import { auditConfiguration } from '../services/administration/configuration-audit.ts';
import { createBypassAdministration } from '../services/administration/bypass-administration.ts';
import { createInstallationStatus } from '../services/administration/installation-status.ts';
import { createUserAdministration } from '../services/administration/user-administration.ts';
import type { PersonErasure } from '../services/person-erasure.ts';
import type { SystemService } from '../services/services.ts';
import type { Accounts } from './accounts.ts';
import type { Foundations } from './foundations.ts';
import type { Remotes } from './remotes.ts';

interface AdministrationDeps {
  foundations: Foundations;
  remotes: Pick<Remotes, 'breakers'>;
  accounts: Accounts;
  erasePerson: PersonErasure;
  system: SystemService;
  engine: () => { name: string; reason: string } | null;
}

/** What administrators look after: people, the audit log, the installation itself. */
export function createAdministration(deps: AdministrationDeps): AdministrationServices {
  const { foundations, remotes, accounts, erasePerson, system, engine } = deps;
  const { settings, config, db, clock } = foundations;
  const { audit, ends, provePassword, isAdministrator } = accounts;
  return {
    users: createUserAdministration({
      directory: createPeopleDirectoryRepository(db),
      sessions: createSessionRepository(db),
      ends,
      audit,
      provePassword,
      erasePerson,
      isAdministrator,
      clock,
    }),
    audit: createAuditReading({ repository: createAuditSearchRepository(db), audit, clock }),
    bypass: createBypassAdministration({
      policies: createBypassPolicyRepository(db),
      rules: bypassableRules(),
      audit,
      clock,
    }),
    installation: createInstallationStatus({
      config,
      breakers: remotes.breakers,
      system,
      role: settings.role,
      engine,
    }),
  };
}

/** From now on each version of the configuration that comes into force stands in the audit log. */
export function recordConfiguration({ config, db, ids }: Foundations, { audit }: Accounts): Promise<void> {
  return auditConfiguration({ config, events: createAuditSearchRepository(db), audit, ids });
}
