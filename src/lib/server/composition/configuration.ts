import {
  createConfigurationService,
  type ConfigurationServiceDeps,
} from '../services/configuration-service.ts';
import { createProbes } from '../services/desks/connection-probes.ts';
import type { ConfigurationService } from '../services/services.ts';
import type { Accounts } from './accounts.ts';
import { toolServers } from '../settings/tool-servers.ts';
import type { Foundations } from './foundations.ts';
import type { IssueDesks } from './issue-desks.ts';
import type { ModelAccess } from './model-access.ts';
import type { Remotes } from './remotes.ts';

interface ConfigurationParts extends Pick<ConfigurationServiceDeps, 'onTestPassed' | 'onCredentialChanged'> {
  desks: Pick<IssueDesks, 'listTools'>;
  foundations: Foundations;
  remotes: Remotes;
  accounts: Accounts;
  model: ModelAccess;
}

/** Each person's connections, tested with what is stored of them. */
export function createConfiguration({
  foundations,
  remotes,
  accounts,
  model,
  desks,
  ...whenChanged
}: ConfigurationParts): ConfigurationService {
  const { config, vault, clock } = foundations;
  return createConfigurationService({
    ...remotes,
    ...whenChanged,
    vault,
    config: () => config.current().config,
    probes: createProbes({
      remotes: remotes.access,
      reach: remotes.reach,
      config: () => config.current().config,
      modelWith: model.modelWith,
      toolServerIds: (product) =>
        toolServers(config.current().config)
          .filter((server) => server.product === product)
          .map(({ id }) => id),
      listTools: desks.listTools,
    }),
    refuseUrl: remotes.guard.refuseUrl,
    provePassword: accounts.provePassword,
    audit: accounts.audit,
    clock,
  });
}
