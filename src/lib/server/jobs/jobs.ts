import type { Ids } from '../../agent/ports.ts';
import type { ConfigFile } from '../../contracts/config/config-file.ts';
import { jobsKeptForDays } from '../../contracts/job.ts';
import { logCallsOut } from '../adapters/http/call-out.ts';
import type { Breakers } from '../adapters/resilience.ts';
import type { Logger } from '../observability/logger.ts';
import type { ConnectionRepository } from '../repositories/connection-repository.ts';
import type { JobLeaseRepository } from '../repositories/job-lease-repository.ts';
import type { JobRepository } from '../repositories/job-repository.ts';
import type { ToolCatalogRepository } from '../repositories/tool-catalog-repository.ts';
import type { Credentials } from '../services/credentials.ts';
import { createJobService } from '../services/job-service.ts';
import type { JobService } from '../services/services.ts';
import { createTestedConnections } from '../services/tested-connections.ts';
import { createToolCatalog, type ToolCatalog } from '../services/tool-catalog-service.ts';
import type { Endpoints } from '../settings/endpoints.ts';
import { createJobChanges, type JobChanges } from './job-changes.ts';
import { createJobFollower } from './job-follower.ts';
import { createJobQueue } from './job-queue.ts';
import { createJobRunner } from './job-runner.ts';
import { queueDueRefreshes } from './periodic-refresh.ts';
import { createScheduler } from './scheduler.ts';
import { createToolRefresh, toolRefreshType } from './tool-refresh.ts';
import { createWorkerPool } from './worker-pool.ts';

export interface JobsDeps {
  repositories: {
    jobs: JobRepository;
    leases: JobLeaseRepository;
    toolCatalog: ToolCatalogRepository;
    connections: Pick<ConnectionRepository, 'find'>;
  };
  credentials: Pick<Credentials, 'jira' | 'confluence'>;
  endpoints: Endpoints;
  breakers: Breakers;
  /** The configuration in force; read anew at each use. */
  config(): Pick<ConfigFile, 'mcp' | 'mcpServers' | 'jira' | 'confluence'>;
  /** Ports that this process listens on, for the URL guard of the workers. */
  ownPorts(): number[];
  /** Whether nothing can be stored just now: then nothing is begun. */
  paused(): boolean;
  /** Looks after issue creations of unknown outcome that are due. */
  reconcileDue(): Promise<unknown>;
  /** Closes runs whose process died. */
  reapStaleRuns(): Promise<unknown>;
  /** Tries the Jira tokens of signed-in people anew, where it is time to. */
  recheckTokens(): Promise<unknown>;
  /** Deletes for good the conversations that can no longer be restored. */
  purgeRemoved(): Promise<unknown>;
  /** Deletes what calls of the model cost so long ago that nobody looks at it. */
  removeOldModelCalls(): Promise<unknown>;
  /** Tells this process from every other on the same database. */
  processId: string;
  clock: { now(): number };
  ids: Ids;
  log: Logger;
}

export interface Jobs {
  service: JobService;
  catalog: ToolCatalog;
  onChanged: JobChanges['onChanged'];
  /** Begins to run jobs and periodic work here. A process that only serves pages leaves it to another. */
  start(): void;
  /** Begins to tell of jobs that another process runs. For one that only serves pages. */
  follow(): void;
  /** For readiness: whether due jobs are being looked for, in a process that runs them. */
  health(): { ok: boolean; detail: string };
  /** For readiness: whether the threads that jobs need can be had. */
  workersHealth(): { ok: boolean; detail: string };
  /** How many jobs there are of each status. */
  counts(): Record<string, number>;
  /** Runs nothing more, gives back what runs, and ends the workers. */
  close(): Promise<void>;
}

const second = 1_000;
const minute = 60 * second;
const day = 24 * 60 * minute;
const keptForMs = jobsKeptForDays * day;
/** Due jobs are looked for every second; nobody looks that rarely but a process in trouble. */
const longestQuietMs = 30 * second;

/** Background jobs and the tool catalog. Until `start`, jobs are only stored and shown. */
export function createJobs(deps: JobsDeps): Jobs {
  const { repositories, endpoints, config, clock, ids, log } = deps;
  const { jobs, toolCatalog } = repositories;
  const changes = createJobChanges({ log });
  const isTested = createTestedConnections({ connections: repositories.connections, endpoints });
  const workers = createWorkerPool({ log, mainWorker: 'list-tools' });
  const refreshTools = createToolRefresh({
    catalog: toolCatalog,
    credentials: deps.credentials,
    isTested,
    config,
    reach: () => ({
      allowedHosts: endpoints.allowedHosts(),
      practiceOrigins: endpoints.practiceOrigins(),
      ownPorts: deps.ownPorts(),
    }),
    workers,
    breakers: deps.breakers,
    onCall: logCallsOut(log),
    clock,
  });
  const handlers = { [toolRefreshType]: refreshTools };
  const runner = createJobRunner({ ...deps, leases: repositories.leases, handlers, changes });
  let isStarted = false;
  let lookedAt = 0;
  const wake = () => {
    if (isStarted)
      runner.runDue().catch((err: unknown) => log.error({ err }, 'Due jobs could not be looked for'));
  };
  const queue = createJobQueue({ jobs, changes, wake, clock, ids });
  const scheduler = createScheduler({
    log,
    paused: deps.paused,
    tasks: [
      { id: 'run-due-jobs', everyMs: second, atStart: true, run: runDue },
      { id: 'reconcile-creations', everyMs: second, atStart: true, run: deps.reconcileDue },
      { id: 'reap-stale-runs', everyMs: 10 * second, atStart: true, run: deps.reapStaleRuns },
      { id: 'purge-removed-conversations', everyMs: minute, atStart: true, run: deps.purgeRemoved },
      { id: 'recheck-tokens', everyMs: minute, atStart: false, run: deps.recheckTokens },
      {
        id: 'queue-tool-refreshes',
        everyMs: minute,
        atStart: true,
        run: () => queueDueRefreshes({ catalog: toolCatalog, queue, config, clock }),
      },
      {
        id: 'remove-old-jobs',
        everyMs: day,
        atStart: true,
        run: () => jobs.removeEndedBefore(clock.now() - keptForMs),
      },
      { id: 'remove-old-model-calls', everyMs: day, atStart: true, run: deps.removeOldModelCalls },
    ],
  });

  const follower = createScheduler({
    log,
    tasks: [{ id: 'follow-jobs', everyMs: second, atStart: true, run: createJobFollower({ jobs, changes }) }],
  });

  async function runDue(): Promise<void> {
    await runner.runDue();
    lookedAt = performance.now();
  }

  return {
    service: createJobService({ jobs, changes, wake, clock, log }),
    catalog: createToolCatalog({ catalog: toolCatalog, queue, isTested, config, clock, log }),
    onChanged: changes.onChanged,
    start() {
      isStarted = true;
      lookedAt = performance.now();
      scheduler.start();
    },
    follow: follower.start,
    workersHealth: workers.health,
    counts: jobs.countByStatus,
    health() {
      if (!isStarted) return { ok: true, detail: 'not run in this process' };
      if (deps.paused()) return { ok: true, detail: 'waiting until the database takes writes' };
      const quietMs = performance.now() - lookedAt;
      if (quietMs < longestQuietMs) return { ok: true, detail: 'running' };
      return { ok: false, detail: `due jobs were not looked for in ${Math.round(quietMs / second)} s` };
    },
    async close() {
      isStarted = false;
      await Promise.all([scheduler.close(), follower.close()]);
      await runner.stop();
      await workers.close();
    },
  };
}
