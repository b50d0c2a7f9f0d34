import type {
  ConnectionForm,
  ConnectionKind,
  ConnectionStep,
  ConnectionTest,
  ConnectionView,
  FeatureState,
} from '../../contracts/connection.ts';
import type { JobPage, JobView } from '../../contracts/job.ts';
import type { Actor } from './account-services.ts';

export interface ConfigurationService {
  views(actor: Actor): Promise<ConnectionView[]>;
  /** Where a connection leads; null while no address is known. Opens no secret. */
  address(actor: Pick<Actor, 'userId'>, kind: ConnectionKind): Promise<string | null>;
  /** Saving makes the last test stale, which closes the features that need it. */
  save(actor: Actor, kind: ConnectionKind, form: ConnectionForm): Promise<ConnectionView>;
  /** Forgets the secret, with its test and what was read with it: features that need it close. Repeating it changes nothing. */
  removeSecret(actor: Actor, kind: ConnectionKind): Promise<ConnectionView>;
  /**
   * Tries the remote with what is stored; keeps and returns the result. Never rejects for a failed test. `onSteps` is
   * told of all steps whenever one of them changes.
   */
  test(
    actor: Actor,
    kind: ConnectionKind,
    onSteps?: (steps: ConnectionStep[]) => void,
  ): Promise<ConnectionTest>;
  /** The owner's own secret in clear, for their password, audited. */
  reveal(actor: Actor, kind: ConnectionKind, currentPassword: string): Promise<string>;
  features(actor: Actor): Promise<FeatureState[]>;
  confluenceTokenMaxLength(): number;
}

export type { JobView };

export interface JobService {
  /** Newest first. Rejects with `job_not_found` where `before` is no job of the person. */
  list(actor: Actor, page?: JobPage): Promise<JobView[]>;
  get(actor: Actor, jobId: string): Promise<JobView>;
  retry(actor: Actor, jobId: string): Promise<void>;
  cancel(actor: Actor, jobId: string): Promise<void>;
  /** Told when a job of the person changes, as it then is. Returns the call that unsubscribes. */
  watch(actor: Actor, listener: (job: JobView) => void): () => void;
}

export interface CatalogToolView {
  name: string;
  description: string;
  readOnly: boolean;
  /** It writes, and it changed since the connection was tested; it is not called until a new test. */
  off: boolean;
  /** What the agent calls it for, as sentences; empty where it never does. */
  uses: string[];
}

export interface CatalogView {
  serverId: string;
  product: 'jira' | 'confluence';
  tools: CatalogToolView[];
  capabilities: string[];
  fetchedAt: number | null;
  stale: boolean;
  problem: string | null;
}

export interface ToolCatalogService {
  list(actor: Actor): Promise<CatalogView[]>;
  /** Queues a refresh; returns the job. */
  refresh(actor: Actor): Promise<{ jobId: string }>;
}
