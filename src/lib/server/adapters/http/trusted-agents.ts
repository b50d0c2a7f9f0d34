import { createHash } from 'node:crypto';
import { lookup as systemLookup } from 'node:dns';
import type { LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { getCACertificates } from 'node:tls';
import { Agent, buildConnector } from 'undici';
import type { UrlGuard } from '../../security/url-guard.ts';
import type { TlsTrust } from './outgoing-request.ts';

/** Different trusts that keep connections at the same time; the one used longest ago makes room. */
const MOST_AGENTS = 64;
/** Connections to one origin; further calls wait for one, inside their total limit. */
const MOST_CONNECTIONS = 512;
/** Shorter than the 5 s of Node's servers and the 20 s of Tomcat, so that a kept connection is rarely closed under us. */
const KEEP_ALIVE_MS = 4_000;

export interface TrustedAgents {
  agentFor(tls: TlsTrust, connectMs: number): Agent;
  close(): Promise<void>;
}

/**
 * One keep-alive agent for each way of trusting a server, so that a connection made without verification never serves
 * a person who verifies. Every connection asks the guard about each resolved address before a packet leaves.
 */
export function createTrustedAgents(
  guard: UrlGuard,
  lookup: typeof systemLookup = systemLookup,
): TrustedAgents {
  const agents = new Map<string, Agent>();

  function agentFor(tls: TlsTrust, connectMs: number): Agent {
    const key = trustKey(tls, connectMs);
    const agent = agents.get(key) ?? createAgent(tls, connectMs);
    agents.delete(key);
    agents.set(key, agent);
    makeRoom();
    return agent;
  }

  function createAgent(tls: TlsTrust, connectMs: number): Agent {
    const connectors = new Map<string, buildConnector.connector>();
    const connectorFor = (port: string) =>
      buildConnector({
        allowH2: false,
        timeout: connectMs,
        rejectUnauthorized: tls.verify,
        ...(tls.caPem === null ? {} : { ca: [...getCACertificates('default'), tls.caPem] }),
        lookup: guardedLookup(guard, Number(port), lookup),
      });
    return new Agent({
      connections: MOST_CONNECTIONS,
      keepAliveTimeout: KEEP_ALIVE_MS,
      // The exchange keeps these limits itself: to the millisecond, and knowing whether the request had left.
      headersTimeout: 0,
      bodyTimeout: 0,
      connect: (options, callback) => {
        const port = options.port || (options.protocol === 'https:' ? '443' : '80');
        const connect = connectors.get(port) ?? connectorFor(port);
        connectors.set(port, connect);
        connect(options, callback);
      },
    });
  }

  function makeRoom(): void {
    for (const [key, agent] of agents) {
      if (agents.size <= MOST_AGENTS) return;
      agents.delete(key);
      void agent.close();
    }
  }

  return {
    agentFor,
    async close() {
      const open = [...agents.values()];
      agents.clear();
      await Promise.all(open.map((agent) => agent.destroy()));
    },
  };
}

/** A name that resolves to a denied address is denied as a whole: another look-up could give the other address. */
function guardedLookup(guard: UrlGuard, port: number, lookup: typeof systemLookup): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
      if (error) return callback(error, []);
      for (const { address } of addresses) {
        const reason = guard.refuseAddress({ hostname, port }, address);
        if (reason !== null) return callback(new AddressDenied(reason), []);
      }
      const first = addresses[0];
      if (options.all || !first) return callback(null, addresses);
      return callback(null, first.address, first.family);
    });
  };
}

/** Carries the guard's sentence out of the socket. */
export class AddressDenied extends Error {}

function trustKey(tls: TlsTrust, connectMs: number): string {
  return createHash('sha256')
    .update(JSON.stringify([tls.verify, tls.caPem, connectMs]))
    .digest('base64');
}
