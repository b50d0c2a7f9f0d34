import type { ConnectionKind } from '../../contracts/connection.ts';
import type { ConnectionRepository } from '../repositories/connection-repository.ts';
import { effectiveUrl, type Addresses } from './connection-address.ts';
import { testIsCurrent } from './connection-verdict.ts';

interface TestedConnectionsDeps {
  connections: Pick<ConnectionRepository, 'find'>;
  endpoints: Addresses;
}

/** Tells whether a person's last test of a connection passed and still speaks for it as it now is. */
export function createTestedConnections({ connections, endpoints }: TestedConnectionsDeps) {
  return async function isTested(userId: string, kind: ConnectionKind): Promise<boolean> {
    const stored = await connections.find(userId, kind);
    const url = effectiveUrl(kind, stored?.url ?? null, endpoints);
    return testIsCurrent(stored, url) && stored?.test?.ok === true;
  };
}
