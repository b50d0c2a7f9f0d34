import type { ConnectionKind } from '../../contracts/connection.ts';
import type { TlsTrust } from '../adapters/http/outgoing-request.ts';
import { InvalidError } from '../errors/app-error.ts';
import {
  sealedPlaces,
  type ConnectionRepository,
  type StoredConnection,
} from '../repositories/connection-repository.ts';
import type { Vault } from '../security/encryption.ts';
import { effectiveUrl, type Addresses } from './connection-address.ts';

/** What a call in a person's name needs. It lives as long as the call: never kept, logged or handed to a page. */
export interface Credential {
  url: string;
  /** Null only for a model that asks for none. */
  secret: string | null;
  tls: TlsTrust;
}

/** A person's own credentials. Each rejects with InvalidError `connection_missing` until it is configured. */
export interface Credentials {
  jira(userId: string): Promise<Credential>;
  confluence(userId: string): Promise<Credential>;
  llm(userId: string): Promise<Credential>;
}

interface CredentialsDeps {
  connections: Pick<ConnectionRepository, 'find'>;
  vault: Vault;
  endpoints: Addresses;
  /** Whether the model asks for a credential at all. */
  llmCredential(): 'cookie' | 'bearer' | 'none';
  /** PEM of the certificates that an administrator configured for that system, or null. */
  sharedCaPem(kind: ConnectionKind): string | null;
}

export const connectionNames = { jira: 'Jira', confluence: 'Confluence', llm: 'The language model' } as const;

/** Opens sealed credentials. The only place besides the owner's own look at a secret where one is in clear. */
export function createCredentials(deps: CredentialsDeps): Credentials {
  const { connections, vault, endpoints, llmCredential, sharedCaPem } = deps;

  async function credential(userId: string, kind: ConnectionKind): Promise<Credential> {
    const stored = await connections.find(userId, kind);
    const url = effectiveUrl(kind, stored?.url ?? null, endpoints);
    if (url === null) throw missing(kind, 'An administrator sets its address in config.json.');
    const encryptedSecret = stored?.encryptedSecret ?? null;
    const needsSecret = kind !== 'llm' || llmCredential() !== 'none';
    if (needsSecret && encryptedSecret === null)
      throw missing(kind, 'Open Configurations and enter your credential.');
    const secret =
      needsSecret && encryptedSecret !== null
        ? vault.open(encryptedSecret, { userId, ...sealedPlaces[kind].secret })
        : null;
    return { url, secret, tls: { verify: stored?.verifyTls ?? true, caPem: caPem(userId, kind, stored) } };
  }

  /** The person's certificates beside the configured ones: either may have signed. */
  function caPem(userId: string, kind: ConnectionKind, stored: StoredConnection | null): string | null {
    const encrypted = stored?.encryptedCa ?? null;
    const own = encrypted === null ? null : vault.open(encrypted, { userId, ...sealedPlaces[kind].ca });
    const all = [own, sharedCaPem(kind)].filter((pem) => pem !== null);
    return all.length === 0 ? null : all.join('\n');
  }

  return {
    jira: (userId) => credential(userId, 'jira'),
    confluence: (userId) => credential(userId, 'confluence'),
    llm: (userId) => credential(userId, 'llm'),
  };
}

function missing(kind: ConnectionKind, hint: string): InvalidError {
  return new InvalidError('connection_missing', `${connectionNames[kind]} is not configured yet.`, { hint });
}
