import type { ConnectionKind } from '../../contracts/connection.ts';
import { logCallsOut } from '../adapters/http/call-out.ts';
import { measuredHttp } from '../adapters/http/measured-http.ts';
import { createOutgoingHttp } from '../adapters/http/outgoing-http.ts';
import { openReach, type Reach, type ReachTarget } from '../adapters/http/reach.ts';
import type { OutgoingHttp } from '../adapters/http/outgoing-request.ts';
import { createBreakers, type Breakers } from '../adapters/resilience.ts';
import {
  createConnectionRepository,
  type ConnectionRepository,
} from '../repositories/connection-repository.ts';
import { createUrlGuard, type UrlGuard } from '../security/url-guard.ts';
import { createCredentials, type Credentials } from '../services/credentials.ts';
import { createRemoteAccess, type RemoteAccess } from '../services/desks/remote-access.ts';
import { createEndpoints, type Endpoints, type PracticeUrls } from '../settings/endpoints.ts';
import type { Foundations } from './foundations.ts';

/** The way to the remote systems, and with what each person is let in. */
export interface Remotes {
  endpoints: Endpoints;
  guard: UrlGuard;
  http: OutgoingHttp;
  /** The way to a server, part by part. */
  reach(target: ReachTarget): Reach;
  breakers: Breakers;
  connections: ConnectionRepository;
  credentials: Credentials;
  access: RemoteAccess;
  /** PEM of the certificates that an administrator configured for that system, or null. */
  sharedCaPem(kind: ConnectionKind): string | null;
  close(): Promise<void>;
}

export function openRemotes(
  { settings, config, db, vault, clock, log, metrics }: Foundations,
  practice: PracticeUrls | null,
): Remotes {
  const endpoints = createEndpoints({ configStore: config, practice });
  const stopWatching = config.onChange(() => {
    const mode = endpoints.pendingMode();
    if (mode !== null) log.warn({ mode }, 'config.json names another mode: it counts from the next start on');
  });
  const guard = createUrlGuard({
    allowedHosts: endpoints.allowedHosts,
    practiceOrigins: endpoints.practiceOrigins,
    ownPorts: [settings.port, settings.socketPort],
  });
  const http = measuredHttp(createOutgoingHttp({ guard, onCall: logCallsOut(log) }), metrics);
  const breakers = createBreakers({ clock });
  const connections = createConnectionRepository(db);
  const sharedCaPem = (kind: ConnectionKind) => (kind === 'llm' ? null : config.current().authorities[kind]);
  const credentials = createCredentials({
    connections,
    vault,
    endpoints,
    llmCredential: () => config.current().config.llm.credential,
    sharedCaPem,
  });
  const access = createRemoteAccess({ http, breakers, config, credentials });
  return {
    endpoints,
    guard,
    http,
    reach: (target) => openReach(target, { guard }),
    breakers,
    connections,
    credentials,
    access,
    sharedCaPem,
    close() {
      stopWatching();
      return http.close();
    },
  };
}
