import { fetchAvatar } from '../adapters/jira/fetch-avatar.ts';
import { createBcryptThreads } from '../jobs/bcrypt-threads.ts';
import { createApiKeyRepository } from '../repositories/api-key-repository.ts';
import { createAuditRepository } from '../repositories/audit-repository.ts';
import { createPreferenceRepository } from '../repositories/preference-repository.ts';
import { createRegistrationAttemptRepository } from '../repositories/registration-attempt-repository.ts';
import { createSessionRepository } from '../repositories/session-repository.ts';
import { createUserRepository, type UserRepository } from '../repositories/user-repository.ts';
import { createHashQueue, mostAtOnce } from '../security/hash-queue.ts';
import { createPasswordHasher } from '../security/password-hash.ts';
import { createThrottle } from '../security/throttle.ts';
import { createApiKeyService } from '../services/api-key-service.ts';
import { createAuditService, type MonitoredAuditService } from '../services/audit-service.ts';
import type { JiraPersonDeps } from '../services/jira-person.ts';
import { createPasswordProof, type PasswordProof } from '../services/password-proof.ts';
import { createPreferenceService } from '../services/preference-service.ts';
import {
  createRegistrationService,
  type ManagedRegistrationService,
  type RegistrationServiceDeps,
} from '../services/registration-service.ts';
import { createSessionEnds, type SessionEnds } from '../services/session-ends.ts';
import { createSessionService, type ManagedSessionService } from '../services/session-service.ts';
import type { ApiKeyService, PreferenceService } from '../services/services.ts';
import type { Foundations } from './foundations.ts';
import type { Remotes } from './remotes.ts';

/** People: how they come in, who they are, what they set, what is noted of what they did. */
export interface Accounts {
  users: UserRepository;
  audit: MonitoredAuditService;
  registration: ManagedRegistrationService;
  session: ManagedSessionService;
  preferences: PreferenceService;
  apiKeys: ApiKeyService;
  provePassword: PasswordProof;
  ends: SessionEnds;
  /** By config.json, without the case of letters. */
  isAdministrator(employeeId: string): boolean;
  close(): Promise<void>;
}

export function createAccounts(
  foundations: Foundations,
  remotes: Remotes,
  { onTokenProven }: Pick<RegistrationServiceDeps, 'onTokenProven'>,
): Accounts {
  const { settings, config, db, keyring, vault, clock, ids, log, metrics } = foundations;
  const users = createUserRepository(db);
  const audit = createAuditService({
    repository: createAuditRepository(db),
    auditKey: keyring.auditKey,
    clock,
    log,
    count: (action, outcome) => metrics.events.inc({ action, outcome }),
  });
  const ends = createSessionEnds({ log });
  const throttle = createThrottle({ clock });
  const isAdministrator = (employeeId: string) =>
    config
      .current()
      .config.administrators.some((listed) => listed.toLowerCase() === employeeId.toLowerCase());
  const bcrypt = createBcryptThreads({ log, mostThreads: mostAtOnce() });
  const hasher = createPasswordHasher({
    pepper: keyring.pepper,
    queue: createHashQueue(),
    bcrypt,
    cost: settings.bcryptCost,
  });
  const provePassword = createPasswordProof({ users, hasher, throttle, audit });
  const registration = createRegistrationService({
    attempts: createRegistrationAttemptRepository(db),
    users,
    vault,
    hasher,
    throttle,
    ends,
    audit,
    jira: jiraPersonDeps(foundations, remotes),
    onTokenProven,
    ids,
    clock,
  });
  const session = createSessionService({
    sessions: createSessionRepository(db),
    users,
    hasher,
    throttle,
    provePassword,
    ends,
    audit,
    signingKeys: keyring.signingKeys,
    isAdministrator,
    limits: {
      idleMs: settings.sessionMinutes * 60_000,
      absoluteMs: settings.sessionAbsoluteHours * 3_600_000,
    },
    clock,
  });
  const preferences = createPreferenceService({ repository: createPreferenceRepository(db), clock });
  const apiKeys = createApiKeyService({
    keys: createApiKeyRepository(db),
    // Apart from the passwords' throttle: a script with an old key must not slow its office down at signing in.
    throttle: createThrottle({ clock }),
    audit,
    isAdministrator,
    ids,
    clock,
  });
  return {
    users,
    audit,
    registration,
    session,
    preferences,
    apiKeys,
    provePassword,
    ends,
    isAdministrator,
    close: bcrypt.close,
  };
}

/** Jira before there is an account: with the token that is being proven and the trust of the configuration. */
function jiraPersonDeps(
  { config, ids, redactor }: Foundations,
  { endpoints, guard, access, http, sharedCaPem }: Remotes,
): JiraPersonDeps {
  const credential = (token: string) => ({
    url: endpoints.jiraUrl() ?? '',
    secret: token,
    tls: { verify: true, caPem: sharedCaPem('jira') },
    requestId: ids.next(),
  });
  return {
    jiraUrl: endpoints.jiraUrl,
    async proveJiraToken(token) {
      redactor.register(token);
      const { name, displayName, emailAddress, active, deleted, avatarUrls, self } = await access
        .jiraWith(credential(token))
        .myself();
      const avatarUrl = avatarUrls['48x48'] ?? null;
      return { employeeId: name, name: displayName, email: emailAddress, active, deleted, avatarUrl, self };
    },
    fetchAvatar(url, token) {
      const { url: baseUrl, tls, requestId } = credential(token);
      return fetchAvatar(
        { http, baseUrl, token, tls, timeouts: config.current().config.jira.timeouts, requestId },
        url,
      );
    },
    refuseUrl: guard.refuseUrl,
  };
}
