import { lookup as systemLookup, type LookupAddress } from 'node:dns';
import { connect, isIP, type LookupFunction, type Socket } from 'node:net';
import { connect as connectTls, getCACertificates, type TLSSocket } from 'node:tls';
import type { UrlGuard } from '../../security/url-guard.ts';
import { deniedProblem } from './network-problem.ts';
import type { OutgoingRequest, TlsTrust } from './outgoing-request.ts';
import { connectProblem, lookupProblem, tlsProblem, type ReachedHost } from './reach-problems.ts';
import { certificateWords } from './certificate-words.ts';

interface ReachDeps {
  guard: UrlGuard;
  /** The system's name resolution, unless a test answers in its place. */
  lookup?: typeof systemLookup;
}

export interface ReachTarget {
  upstream: OutgoingRequest['upstream'];
  url: string;
  tls: TlsTrust;
  /** Of each of the three parts, in milliseconds. */
  connectMs: number;
  signal: AbortSignal;
}

/**
 * The way to a server, gone part by part so that each can be told of. Each part resolves to what was seen, as a
 * sentence, needs the one before it, and rejects with an UpstreamError, or with the signal's reason. Nothing is sent
 * beyond the greeting of TLS: no header, no token.
 */
export interface Reach {
  resolve(): Promise<string>;
  connect(): Promise<string>;
  /** Verifies as the connection is set up to. Null for an address that begins with http. */
  encrypt(): Promise<string | null>;
  /** Safe at any time. */
  close(): void;
}

export function openReach(target: ReachTarget, { guard, lookup = systemLookup }: ReachDeps): Reach {
  const url = new URL(target.url);
  const host: ReachedHost = {
    upstream: target.upstream,
    name: url.hostname.replace(/^\[|\]$/g, ''),
    port: Number(url.port) || (url.protocol === 'https:' ? 443 : 80),
  };
  let addresses: LookupAddress[] = [];
  let socket: Socket | null = null;

  async function resolve(): Promise<string> {
    const refusal = guard.refuseUrl(target.url);
    if (refusal !== null) throw deniedProblem(target.upstream, refusal);
    const family = isIP(host.name);
    addresses = family === 0 ? await lookedUp() : [{ address: host.name, family }];
    for (const { address } of addresses) {
      const reason = guard.refuseAddress({ hostname: url.hostname, port: host.port }, address);
      if (reason !== null) throw deniedProblem(target.upstream, reason);
    }
    const found = addresses.map(({ address }) => address).join(', ');
    return family === 0 ? `${host.name} is ${found}.` : `${found} is an address already.`;
  }

  function lookedUp(): Promise<LookupAddress[]> {
    return inTime(
      (settle) => {
        lookup(host.name, { all: true }, (error, found) => {
          if (error) settle.reject(lookupProblem(host, error));
          else settle.resolve(found);
        });
      },
      lookupProblem(host, null),
    );
  }

  async function reached(): Promise<string> {
    const opening = connect({ host: host.name, port: host.port, lookup: answerWith(addresses) });
    socket = opening;
    await inTime<void>(
      (settle) => {
        opening.once('connect', settle.resolve);
        opening.once('error', (error) => settle.reject(connectProblem(host, error)));
      },
      connectProblem(host, null),
    );
    return `${opening.remoteAddress} answers on port ${host.port}.`;
  }

  async function encrypt(): Promise<string | null> {
    if (url.protocol !== 'https:' || socket === null) return null;
    const { verify, caPem } = target.tls;
    const secure: TLSSocket = connectTls({
      socket,
      host: host.name,
      ...(isIP(host.name) === 0 ? { servername: host.name } : {}),
      ...(caPem === null ? {} : { ca: [...getCACertificates('default'), caPem] }),
      // Judged below, so that the certificate can be named. It is never written to.
      rejectUnauthorized: false,
    });
    socket = secure;
    await inTime<void>(
      (settle) => {
        secure.once('secureConnect', settle.resolve);
        secure.once('error', (error) => settle.reject(tlsProblem(host, error, null)));
        secure.once('close', () => settle.reject(tlsProblem(host, null, null)));
      },
      tlsProblem(host, null, null),
    );
    const certificate = certificateWords(secure.getPeerCertificate());
    if (!verify) return `Encrypted (${secure.getProtocol()}), but its certificate is not verified.`;
    if (!secure.authorized) throw tlsProblem(host, secure.authorizationError, certificate);
    return `Encrypted (${secure.getProtocol()}). The certificate ${certificate.inWords}.`;
  }

  /** Settles as `begin` does, with `late` after the limit, or with the signal's reason. */
  async function inTime<T>(begin: (settle: Settle<T>) => void, late: Error): Promise<T> {
    target.signal.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const onAbort = () => reject(target.signal.reason);
    target.signal.addEventListener('abort', onAbort, { once: true });
    const timer = target.connectMs === 0 ? undefined : setTimeout(() => reject(late), target.connectMs);
    try {
      begin({ resolve, reject });
      return await promise;
    } finally {
      clearTimeout(timer);
      target.signal.removeEventListener('abort', onAbort);
    }
  }

  return {
    resolve,
    connect: reached,
    encrypt,
    close() {
      // Whoever gave up in the middle hears of no late error.
      socket?.on('error', () => undefined);
      socket?.destroy();
    },
  };
}

interface Settle<T> {
  resolve(value: T): void;
  reject(reason: unknown): void;
}

/** What was checked a moment ago, and not what the name answers now. */
function answerWith(addresses: LookupAddress[]): LookupFunction {
  return (_name, options, callback) => {
    const first = addresses[0];
    if (options.all || !first) callback(null, addresses);
    else callback(null, first.address, first.family);
  };
}
