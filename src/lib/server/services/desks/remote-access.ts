import { createConfluenceRest, type ConfluenceRest } from '../../adapters/confluence-rest.ts';
import type { OutgoingHttp } from '../../adapters/http/outgoing-request.ts';
import { createJiraRest, type JiraRest } from '../../adapters/jira-rest.ts';
import type { ProductAccess } from '../../mcp-server/builtin-server.ts';
import type { Breakers } from '../../adapters/resilience.ts';
import type { ConfigStore } from '../../settings/config-store.ts';
import type { Credential, Credentials } from '../credentials.ts';

/** Who asks, and under which request id. */
export interface Person {
  userId: string;
  requestId: string;
}

export type RestCredential = Credential & { requestId: string };

/** Jira and Confluence over REST with one person's credential and the limits of the configuration in force. */
export interface RemoteAccess {
  /** Reject with `connection_missing` until the person has entered a token. */
  jira(person: Person, signal?: AbortSignal): Promise<JiraRest>;
  confluence(person: Person, signal?: AbortSignal): Promise<ConfluenceRest>;
  /** Everything that a call needs but the call itself. */
  productAccess(product: 'jira' | 'confluence', credential: Credential): ProductAccess;
  /** With a credential that is not stored yet, or just opened. */
  jiraWith(credential: RestCredential, signal?: AbortSignal): JiraRest;
  confluenceWith(credential: RestCredential, signal?: AbortSignal): ConfluenceRest;
}

interface RemoteAccessDeps {
  http: OutgoingHttp;
  breakers: Breakers;
  config: Pick<ConfigStore, 'current'>;
  credentials: Credentials;
}

export function createRemoteAccess({ http, breakers, config, credentials }: RemoteAccessDeps): RemoteAccess {
  function productAccess(
    product: 'jira' | 'confluence',
    { url: baseUrl, secret, tls }: Credential,
  ): ProductAccess {
    const { timeouts, retry, breaker } = config.current().config[product];
    return { http, breakers, baseUrl, token: secret ?? '', tls, timeouts, retry, breaker };
  }

  function restDeps(
    product: 'jira' | 'confluence',
    { requestId, ...credential }: RestCredential,
    signal: AbortSignal | undefined,
  ) {
    return { ...productAccess(product, credential), requestId, ...(signal ? { signal } : {}) };
  }

  const jiraWith: RemoteAccess['jiraWith'] = (credential, signal) =>
    createJiraRest(restDeps('jira', credential, signal));
  const confluenceWith: RemoteAccess['confluenceWith'] = (credential, signal) =>
    createConfluenceRest(restDeps('confluence', credential, signal));

  return {
    productAccess,
    jiraWith,
    confluenceWith,
    jira: async ({ userId, requestId }, signal) =>
      jiraWith({ ...(await credentials.jira(userId)), requestId }, signal),
    confluence: async ({ userId, requestId }, signal) =>
      confluenceWith({ ...(await credentials.confluence(userId)), requestId }, signal),
  };
}
