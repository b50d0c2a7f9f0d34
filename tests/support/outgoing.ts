import { createOutgoingHttp } from '../../src/lib/server/adapters/http/outgoing-http.ts';
import type { OutgoingHttp } from '../../src/lib/server/adapters/http/outgoing-request.ts';
import { createUrlGuard } from '../../src/lib/server/security/url-guard.ts';

/** Limits that no test reaches unless it means to. */
export const patientTimeouts = { connectMs: 5_000, firstByteMs: 5_000, idleMs: 5_000, totalMs: 10_000 };

export const systemTrust = { verify: true, caPem: null };

/** The real way out, allowed to reach loopback and the named hosts. */
export function createTestHttp(
  options: { hosts?: string[]; lookup?: Parameters<typeof createOutgoingHttp>[0]['lookup'] } = {},
): OutgoingHttp {
  const guard = createUrlGuard({
    allowedHosts: () => ['127.0.0.1', ...(options.hosts ?? [])],
    practiceOrigins: () => [],
    ownPorts: [],
  });
  return createOutgoingHttp({ guard, lookup: options.lookup });
}
