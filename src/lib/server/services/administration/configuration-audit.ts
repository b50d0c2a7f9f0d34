import type { AuditSearchRepository } from '../../repositories/audit-search-repository.ts';
import type { ConfigStore } from '../../settings/config-store.ts';
import type { AuditService } from '../services.ts';

interface ConfigurationAuditDeps {
  config: Pick<ConfigStore, 'files' | 'onChange'>;
  events: Pick<AuditSearchRepository, 'before'>;
  audit: Pick<AuditService, 'record'>;
  ids: { next(): string };
}

const action = 'configuration.change';
/** Enough to tell two versions apart beside the names of the files. */
const hashCharacters = 16;

/**
 * Records each version of the configuration files that comes into force, by the hash of each, and never what stands in
 * them. Files have no author, so the event has none. A version that is the same as the last one recorded, by an earlier
 * start or by another process, is not recorded again.
 */
export async function auditConfiguration(deps: ConfigurationAuditDeps): Promise<void> {
  deps.config.onChange(() => void recordVersion(deps));
  await recordVersion(deps);
}

async function recordVersion({ config, events, audit, ids }: ConfigurationAuditDeps): Promise<void> {
  const detail = Object.fromEntries(
    config.files().map(({ name, hash }) => [name, hash.slice(0, hashCharacters)]),
  );
  const any = { person: null, outcome: null, from: null, until: null };
  // What cannot be compared is recorded: twice is better than not at all, and nobody waits for an answer.
  const [last] = await events.before({ ...any, action }, null, 1).catch(() => []);
  if (last?.detail === JSON.stringify(detail)) return;
  audit.record({ userId: null, employeeId: null, requestId: ids.next() }, { action, outcome: 'ok', detail });
}
