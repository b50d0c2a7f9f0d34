import type { DraftVersionPage } from '../../contracts/draft-version.ts';
import type { RunEvent } from '../../contracts/run-event.ts';
import type {
  ClientEventName,
  ClientResult,
  ConversationSummary,
  ParsedPayload,
} from '../../contracts/socket-events.ts';
import type { StorageOutage } from '../../contracts/storage-outage.ts';
import type { AdministrationServices } from './administration/administration-services.ts';
import type { BypassRules } from './bypass-rules.ts';
import type { ModelCheckService, ModelUsageService } from './model-services.ts';
import type { WorkspaceService } from './workspace-interface.ts';
import type { Actor, RegistrationService, SessionService } from './account-services.ts';
import type { ApiKeyService, CallerLimits } from './caller-services.ts';
import type { ConfigurationService, JobService, ToolCatalogService } from './connection-services.ts';

export type * from './account-services.ts';
export type * from './caller-services.ts';
export type * from './connection-services.ts';
export type { WorkspaceService } from './workspace-interface.ts';

/**
 * What routes and the channel may ask of the product: `locals.services`. Each service authorises by its `actor`;
 * what is not the actor's looks like what is not there. All reject with AppErrors.
 */
export interface Services {
  registration: RegistrationService;
  session: SessionService;
  configuration: ConfigurationService;
  conversations: ConversationService;
  commands: ConversationCommands;
  workspace: WorkspaceService;
  bypassRules: Pick<BypassRules, 'termsFor'>;
  preferences: PreferenceService;
  apiKeys: ApiKeyService;
  callers: CallerLimits;
  jobs: JobService;
  tools: ToolCatalogService;
  usage: ModelUsageService;
  modelCheck: ModelCheckService;
  ownData: OwnDataService;
  audit: AuditService;
  system: SystemService;
  administration: AdministrationServices;
}

export interface ConversationChoices {
  formatId: string;
  promptId: string | null;
  issueType: string;
  epicKey: string | null;
}

export interface OpenedConversation {
  summary: ConversationSummary;
  choices: ConversationChoices;
  /** The journal so far, tokens of ended runs compacted; the page joins the channel with `lastSeq`. */
  events: RunEvent[];
  lastSeq: number;
}

/** One reader (a socket, an SSE response) of one conversation's journal. */
export interface ConversationReader {
  /** Takes events in order, without gap or double. False when too much waits to leave: more is given once `ready`. */
  take(events: RunEvent[]): boolean;
  /** Resolves once little enough waits to leave; rejects when the reader is too slow to be kept. */
  ready(): Promise<void>;
  /** Told once when the reader is given up: it was too slow, or reading failed. */
  cut(error: unknown): void;
}

export interface FollowedConversation {
  /** The journal's last seq when the following began. */
  lastSeq: number;
  /** Starts the replay, then goes on live. Called once, after the reader was told `lastSeq`. */
  start(): void;
  stop(): void;
}

export interface ConversationService {
  /** Follows the journal after a seq: what was missed first, then what happens. */
  follow(
    actor: Actor,
    conversationId: string,
    afterSeq: number,
    reader: ConversationReader,
  ): Promise<FollowedConversation>;
  /** Told when a row of the person's conversation list changes. Returns the call that unsubscribes. */
  watchList(actor: Actor, listener: (conversation: ConversationSummary) => void): () => void;
  list(
    actor: Actor,
    filter: { search?: string; archived?: boolean; limit?: number },
  ): Promise<ConversationSummary[]>;
  create(
    actor: Actor,
    input: { projectKey: string; choices: Partial<ConversationChoices> },
  ): Promise<{ conversationId: string }>;
  open(actor: Actor, conversationId: string): Promise<OpenedConversation>;
  /** Events after a seq, oldest first, at most `limit`. */
  eventsAfter(actor: Actor, conversationId: string, afterSeq: number, limit: number): Promise<RunEvent[]>;
  choose(
    actor: Actor,
    conversationId: string,
    choices: Partial<ConversationChoices> & { projectKey?: string },
  ): Promise<void>;
  rename(actor: Actor, conversationId: string, title: string): Promise<void>;
  archive(actor: Actor, conversationId: string, archived: boolean): Promise<void>;
  /** Hidden at once; can be restored for ten minutes, then it is gone. */
  remove(actor: Actor, conversationId: string): Promise<void>;
  restore(actor: Actor, conversationId: string): Promise<void>;
  exportAs(
    actor: Actor,
    conversationId: string,
    format: 'markdown' | 'json',
  ): Promise<{ fileName: string; contentType: string; body: string }>;
  /** A draft's versions before one of them, or the newest: a page at a time. Rejects with `draft_missing`. */
  draftVersions(
    actor: Actor,
    conversationId: string,
    draftId: string,
    before: number | null,
  ): Promise<DraftVersionPage>;
  /** Pasted text or a file as a numbered source. */
  addSource(
    actor: Actor,
    conversationId: string,
    source: { kind: 'text' | 'file'; title: string; text: string },
  ): Promise<{ ref: string }>;
}

/** The same commands for socket events and for POST: one method an event. */
export type ConversationCommands = {
  [E in Exclude<ClientEventName, 'conversation:join' | 'conversation:leave'>]: (
    actor: Actor,
    payload: ParsedPayload<E>,
  ) => Promise<ClientResult<E>>;
};

export interface PreferenceService {
  /** All of a person's preferences, parsed; a missing key is absent. */
  all(person: Pick<Actor, 'userId'>): Promise<Record<string, unknown>>;
  set(person: Pick<Actor, 'userId'>, key: string, value: unknown): Promise<void>;
  /** All of them or none, in one transaction. */
  setAll(actor: Actor, values: Record<string, unknown>): Promise<void>;
}

/** What is stored of a person, for that person. */
export interface OwnDataService {
  /** All of it as one JSON document, but for secrets; read while it is sent. Audited. */
  exportAll(actor: Actor): Promise<{ fileName: string; contentType: string; chunks: AsyncIterable<string> }>;
  /**
   * Deletes the person and all that is theirs for good. Only the audit log goes on, under a pseudonym.
   * @throws InvalidError `current_password_wrong`; BusyError while throttled; ConflictError `audit_not_whole`.
   */
  erase(actor: Actor, input: { currentPassword: string }): Promise<void>;
}

export interface AuditEntry {
  action: string;
  outcome: 'ok' | 'refused' | 'failed' | 'unknown';
  detail?: Record<string, string | number | boolean | null>;
}

export interface AuditService {
  /** Never rejects into the caller's work: a write that fails is logged and shows on readiness. */
  record(
    actor: { userId: string | null; employeeId: string | null; requestId: string },
    entry: AuditEntry,
  ): void;
}

export interface SystemService {
  mode(): 'practice' | 'live';
  /** The mode that a changed config.json asks for, from the next start on; null where it is the one in force. */
  pendingMode(): 'practice' | 'live' | null;
  /** Practice people with their public credentials; empty in live mode. */
  practicePeople(): {
    name: string;
    employeeId: string;
    role: string;
    jiraToken: string;
    confluenceToken: string;
    llmCookie: string;
  }[];
  /** Why nothing can be stored just now, in words for everybody; null while everything can. */
  outage(): StorageOutage | null;
  /** What the last reload of a configuration file refused, if anything. */
  configProblems(): { file: string; messages: string[] }[];
  modelName(): string;
  /** Where pages find the channel: same origin unless it is a listener of its own. */
  channel(): { url: string; build: string };
  /** The metrics, or null for a reader who may not have them. */
  metrics(reader: {
    headers: Headers;
    connectionAddress: string;
  }): Promise<{ contentType: string; text: string } | null>;
  readiness(): Promise<Readiness>;
}

/** What one part of the product says of itself. */
export interface PartHealth {
  ok: boolean;
  /** It works, but less well, or with what it had before. */
  degraded?: boolean;
  detail: string;
}

export interface Readiness {
  /** Every part works, well or less well. */
  ready: boolean;
  /** The parts that work less well. */
  degraded: string[];
  checks: Record<string, PartHealth>;
}
