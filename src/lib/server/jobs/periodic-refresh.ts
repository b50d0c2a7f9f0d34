import type { ConfigFile } from '../../contracts/config/config-file.ts';
import type { ToolCatalogRepository } from '../repositories/tool-catalog-repository.ts';
import type { JobQueue } from './job-queue.ts';
import { toolServers } from '../settings/tool-servers.ts';
import { toolRefreshJob } from './tool-refresh.ts';

interface PeriodicRefreshDeps {
  catalog: Pick<ToolCatalogRepository, 'dueForRefresh'>;
  queue: Pick<JobQueue, 'enqueue'>;
  config(): Pick<ConfigFile, 'mcp' | 'mcpServers'>;
  clock: { now(): number };
}

const dayMs = 86_400_000;

/** Of one server at a time: after a long stop, everybody is due at once, and the remotes should not notice. */
const mostPeople = 25;

/**
 * Queues a refresh for each person seen lately and each server whose list is about as old as the configured interval.
 * What is due comes from the lists' own times, so neither a restart nor a changed interval needs anything else.
 */
export async function queueDueRefreshes({
  catalog,
  queue,
  config,
  clock,
}: PeriodicRefreshDeps): Promise<void> {
  const inForce = config();
  const { refreshIntervalMinutes, refreshSeenWithinDays } = inForce.mcp;
  const now = clock.now();
  const times = {
    now,
    intervalMs: refreshIntervalMinutes * 60_000,
    seenSince: now - refreshSeenWithinDays * dayMs,
  };
  for (const { id: serverId, product } of toolServers(inForce)) {
    for (const userId of await catalog.dueForRefresh({ serverId, product }, times, mostPeople)) {
      await queue.enqueue(toolRefreshJob({ userId, serverId, afterTest: false }, null));
    }
  }
}
