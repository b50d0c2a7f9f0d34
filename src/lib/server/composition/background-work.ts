import { createJobs, type Jobs } from '../jobs/jobs.ts';
import { createJobLeaseRepository } from '../repositories/job-lease-repository.ts';
import { createJobRepository } from '../repositories/job-repository.ts';
import { createToolCatalogRepository } from '../repositories/tool-catalog-repository.ts';
import type { Foundations } from './foundations.ts';
import type { Remotes } from './remotes.ts';

interface BackgroundDeps {
  foundations: Foundations;
  remotes: Remotes;
  processId: string;
  reconcileDue: () => Promise<unknown>;
  reapStaleRuns: () => Promise<unknown>;
  purgeRemoved: () => Promise<unknown>;
  removeOldModelCalls: () => Promise<unknown>;
}

/** Jobs, the tool catalog that they fill, and what is done at intervals. */
export function createBackgroundWork({ foundations, remotes, ...deps }: BackgroundDeps): Jobs {
  const { settings, config, db, clock, ids, log } = foundations;
  return createJobs({
    ...deps,
    repositories: {
      jobs: createJobRepository(db),
      leases: createJobLeaseRepository(db),
      toolCatalog: createToolCatalogRepository(db),
      connections: remotes.connections,
    },
    credentials: remotes.credentials,
    endpoints: remotes.endpoints,
    breakers: remotes.breakers,
    config: () => config.current().config,
    ownPorts: () => [settings.port, settings.socketPort],
    paused: () => db.storage.outage() !== null,
    clock,
    ids,
    log,
  });
}
