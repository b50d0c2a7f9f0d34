import type { Breakers } from '../../adapters/resilience.ts';
import { formatProblem } from '../../settings/config-problem.ts';
import type { ConfigStore } from '../../settings/config-store.ts';
import type { SystemService } from '../services.ts';
import type { InstallationService } from './administration-services.ts';
import { requireAdministrator } from './require-administrator.ts';

interface InstallationStatusDeps {
  config: Pick<ConfigStore, 'files' | 'problems'>;
  breakers: Pick<Breakers, 'states'>;
  system: Pick<SystemService, 'mode' | 'readiness'>;
  role: 'all' | 'web' | 'jobs';
  /** What serves sockets, once it is open. */
  engine(): { name: string; reason: string } | null;
}

/** How this installation is doing, for administrators. No value of a configuration file, no address of a person. */
export function createInstallationStatus(deps: InstallationStatusDeps): InstallationService {
  const { config, breakers, system, role, engine } = deps;
  return {
    async status(actor) {
      requireAdministrator(actor);
      const problems = config.problems();
      return {
        mode: system.mode(),
        role,
        engine: engine(),
        files: config.files().map((file) => ({
          ...file,
          problems: problems.filter((problem) => problem.file === file.name).map(formatProblem),
        })),
        breakers: breakers.states(),
        checks: (await system.readiness()).checks,
      };
    },
  };
}
