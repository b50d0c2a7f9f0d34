import {
  createConfigurationService,
  type ConfigurationServiceDeps,
} from '../services/configuration-service.ts';
import { createProbes } from '../services/desks/connection-probes.ts';
import type { ConfigurationService } from '../services/services.ts';
import type { Accounts } from './accounts.ts';
import type { Foundations } from './foundations.ts';
import type { ModelAccess } from './model-access.ts';
import type { Remotes } from './remotes.ts';

interface ConfigurationParts extends Pick<ConfigurationServiceDeps, 'onTestPassed' | 'onCredentialChanged'> {
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
  ...whenChanged
}: ConfigurationParts): ConfigurationService {
  const { config, vault, clock } = foundations;
  return createConfigurationService({
    ...remotes,
    ...whenChanged,
    vault,
    config: () => config.current().config,
    probes: createProbes({ remotes: remotes.access, modelWith: model.modelWith }),
    refuseUrl: remotes.guard.refuseUrl,
    provePassword: accounts.provePassword,
    audit: accounts.audit,
    clock,
  });
}
