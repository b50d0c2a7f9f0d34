import type { BreakerState } from '../adapters/resilience.ts';
import { upstreamNames } from '../adapters/http/network-problem.ts';
import type { PartHealth } from './services.ts';

/**
 * Whether the systems around the product answer. One that does not degrades the product and never takes it off: what is
 * written already can be read. Readiness is public, so no address is told.
 */
export function remotesHealth(states: Pick<BreakerState, 'upstream' | 'state'>[]): PartHealth {
  const failing = states
    .filter(({ state }) => state !== 'closed')
    .map(({ upstream }) => upstreamNames[upstream]);
  if (failing.length === 0) return { ok: true, detail: 'none is left alone' };
  return {
    ok: true,
    degraded: true,
    detail: `left alone after failures: ${[...new Set(failing)].toSorted().join(', ')}`,
  };
}
