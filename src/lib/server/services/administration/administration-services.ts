import type { BypassPolicy } from '../../../contracts/bypass-policy.ts';
import type { BreakerState } from '../../adapters/resilience.ts';
import type { AuditFilter } from '../../repositories/audit-search-repository.ts';
import type { DirectoryEntry, DirectoryFilter } from '../../repositories/people-directory-repository.ts';
import type { Actor, AuditEntry, Readiness } from '../services.ts';

/** What only administrators may ask. To everybody else each of these is `not_found`. */
export interface AdministrationServices {
  users: UserAdministrationService;
  audit: AuditReadingService;
  installation: InstallationService;
  bypass: BypassAdministrationService;
}

export interface UserAdministrationService {
  list(
    actor: Actor,
    filter: DirectoryFilter & { /** From 1. */ page: number },
  ): Promise<{ people: PersonView[]; total: number; pages: number }>;
  /** Ends the person's sessions and lets them in no more, until `enable`. Repeating it changes nothing. */
  disable(actor: Actor, userId: string): Promise<void>;
  enable(actor: Actor, userId: string): Promise<void>;
  endSessions(actor: Actor, userId: string): Promise<{ ended: number }>;
  /**
   * Deletes a disabled person with all that is theirs, for good, once the administrator has given their own password.
   * @throws ConflictError `own_account`, `person_not_disabled`, `audit_not_whole`; InvalidError
   * `current_password_wrong`; BusyError while throttled.
   */
  erase(actor: Actor, userId: string, input: { currentPassword: string }): Promise<void>;
}

export interface PersonView extends DirectoryEntry {
  role: 'user' | 'administrator';
}

export interface AuditView {
  id: number;
  at: number;
  /** Null where nobody was known, such as a sign-in that failed. */
  employeeId: string | null;
  action: string;
  outcome: AuditEntry['outcome'];
  detail: NonNullable<AuditEntry['detail']>;
  requestId: string | null;
}

export interface AuditReadingService {
  /** The newest first, older than `beforeId`. `olderThan` begins the next page; null on the last. */
  page(
    actor: Actor,
    filter: AuditFilter,
    beforeId: number | null,
  ): Promise<{ events: AuditView[]; olderThan: number | null; actions: string[] }>;
  /** All that the filter lets through, oldest first, read while it is sent. The export itself is audited. */
  exportAs(
    actor: Actor,
    filter: AuditFilter,
    format: 'csv' | 'jsonl',
  ): Promise<{ fileName: string; contentType: string; chunks: AsyncIterable<string> }>;
}

export interface BypassAdministrationService {
  /** Every rule that can be set aside, with what was decided of it. */
  list(actor: Actor): Promise<{ key: string; name: string; policy: BypassPolicy }[]>;
  /**
   * Decides anew for the rules that are named, by key; each that changes is audited. Repeating it changes nothing.
   * @throws InvalidError `bypass_policy_invalid`, with a sentence by key.
   */
  save(actor: Actor, policies: Record<string, unknown>): Promise<{ changed: number }>;
}

export interface InstallationService {
  status(actor: Actor): Promise<InstallationView>;
}

export interface InstallationView {
  mode: 'practice' | 'live';
  /** What this process does. */
  role: 'all' | 'web' | 'jobs';
  engine: { name: string; reason: string } | null;
  files: {
    name: string;
    /** SHA-256 of the text that is in force, hex. */
    hash: string;
    /** Milliseconds since 1970, UTC. */
    inForceSince: number;
    /** What keeps the file as it now lies on disk from being used. */
    problems: string[];
  }[];
  breakers: BreakerState[];
  checks: Readiness['checks'];
}
