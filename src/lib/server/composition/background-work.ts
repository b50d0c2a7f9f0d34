import { createJobs, type Jobs } from '../jobs/jobs.ts';
import { createJobLeaseRepository } from '../repositories/job-lease-repository.ts';
import { createJobRepository } from '../repositories/job-repository.ts';
import { createDueTokenRepository } from '../repositories/due-token-repository.ts';
import { createToolCatalogRepository } from '../repositories/tool-catalog-repository.ts';
import { createTokenRecheck } from '../services/token-recheck.ts';
import type { Accounts } from './accounts.ts';
import type { Foundations } from './foundations.ts';
import type { Remotes } from './remotes.ts';

interface BackgroundDeps {
  foundations: Foundations;
  remotes: Remotes;
  accounts: Pick<Accounts, 'audit'>;
  processId: string;
  reconcileDue: () => Promise<unknown>;
  reapStaleRuns: () => Promise<unknown>;
  purgeRemoved: () => Promise<unknown>;
  removeOldModelCalls: () => Promise<unknown>;
}

/** Jobs, the tool catalog that they fill, and what is done at intervals. */
export function createBackgroundWork({ foundations, remotes, accounts, ...deps }: BackgroundDeps): Jobs {
  const { settings, config, db, clock, ids, log } = foundations;
  return createJobs({
    ...deps,
    recheckTokens: createTokenRecheck({
      tokens: createDueTokenRepository(db),
      connections: remotes.connections,
      myself: async (person) => (await remotes.access.jira(person)).myself(),
      tokenExpiresAt: async (person) => (await remotes.access.jira(person)).tokenExpiresAt(),
      // As often as tools are listed anew: the same trust in the same token.
      intervalMs: () => config.current().config.mcp.refreshIntervalMinutes * 60_000,
      audit: accounts.audit,
      clock,
      ids,
      log,
    }),
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
