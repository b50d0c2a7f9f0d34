import type { StartupSummary } from '../startup-summary.ts';
import type { ConfigStore } from '../settings/config-store.ts';
import type { Endpoints } from '../settings/endpoints.ts';
import { formatProblem } from '../settings/config-problem.ts';
import type { PartHealth, SystemService } from './services.ts';

export interface SystemDeps {
  config: ConfigStore;
  endpoints: Endpoints;
  practicePeople: StartupSummary['practicePeople'];
  channel: () => { url: string; build: string };
  /** Each says whether its part works, and a word about it. Must not take long: readiness is asked often. */
  checks: Record<string, () => PartHealth>;
  outage: SystemService['outage'];
  /** In the text format of Prometheus, for those who may read it. */
  metrics: SystemService['metrics'];
}

/** What the product knows of itself. */
export function createSystemService({
  config,
  endpoints,
  practicePeople,
  channel,
  checks,
  metrics,
  outage,
}: SystemDeps): SystemService {
  return {
    mode: endpoints.mode,
    pendingMode: endpoints.pendingMode,
    practicePeople: () => (endpoints.mode() === 'practice' ? practicePeople : []),
    configProblems() {
      const problems = config.problems();
      const files = [...new Set(problems.map(({ file }) => file))];
      return files.map((file) => ({
        file,
        messages: problems.filter((problem) => problem.file === file).map(formatProblem),
      }));
    },
    modelName: () => (endpoints.mode() === 'practice' ? 'Practice writer' : config.current().config.llm.name),
    channel,
    metrics,
    outage,
    async readiness() {
      const results = Object.entries(checks).map(([name, check]) => [name, safely(check)] as const);
      return {
        ready: results.every(([, { ok }]) => ok),
        degraded: results.flatMap(([name, { ok, degraded }]) => (ok && degraded ? [name] : [])),
        checks: Object.fromEntries(results),
      };
    },
  };
}

/** What an error says may name paths of this machine, and anybody may ask for readiness. */
function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unexpectedly';
}

function safely(check: () => PartHealth): PartHealth {
  try {
    return check();
  } catch (error) {
    return { ok: false, detail: `the check failed: ${codeOf(error)}` };
  }
}
