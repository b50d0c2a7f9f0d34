import type { RestDeps } from '../../src/lib/server/adapters/atlassian/rest-caller.ts';
import { createBreakers } from '../../src/lib/server/adapters/resilience.ts';
import { createTestHttp, patientTimeouts, systemTrust } from './outgoing.ts';

/** What a REST client needs to reach a server on loopback: no retries and a patient breaker unless a test says so. */
export function createRestDeps(deps: Partial<RestDeps> & { baseUrl: string; token: string }): RestDeps {
  return {
    http: deps.http ?? createTestHttp(),
    tls: systemTrust,
    timeouts: patientTimeouts,
    retry: { attempts: 0, initialDelayMs: 1, maxDelayMs: 2 },
    breaker: { failures: 1_000, openForMs: 1_000 },
    breakers: createBreakers(),
    ...deps,
  };
}
