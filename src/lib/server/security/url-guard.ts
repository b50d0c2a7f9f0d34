import { isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import { addressRange } from './address-ranges.ts';

interface UrlGuardDeps {
  /**
   * Hosts that an administrator configured: `jira.example.com`, `jira.example.com:8443` (that port only) or
   * `*.example.com` (its subdomains).
   */
  allowedHosts: () => string[];
  /** In practice mode the origins of the sandbox, and then nothing else is reached; empty in live mode. */
  practiceOrigins: () => string[];
  /** Ports that this process listens on. */
  ownPorts: number[];
}

/** Decides where this process may connect to. Both methods return null, or a sentence why not. */
export interface UrlGuard {
  /** Before anything is resolved: scheme, host, literal address. Also for forms, before a URL is stored. */
  refuseUrl(url: string): string | null;
  /** At connect time, on each address that the name resolved to: a name may answer differently every time. */
  refuseAddress(target: { hostname: string; port: number }, address: string): string | null;
}

/**
 * Link-local, metadata, multicast and unspecified addresses and our own ports are denied whoever configured them.
 * Private addresses need a configured host, loopback needs one that is configured by its full name.
 */
export function createUrlGuard({ allowedHosts, practiceOrigins, ownPorts }: UrlGuardDeps): UrlGuard {
  function refuseUrl(text: string): string | null {
    if (!URL.canParse(text)) return 'That is not a complete URL.';
    const url = new URL(text);
    if (url.protocol !== 'https:' && url.protocol !== 'http:')
      return 'Only http and https addresses are allowed.';
    if (url.username !== '' || url.password !== '') return 'A URL must not hold a user name or password.';
    const target = { hostname: url.hostname, port: portOf(url) };
    const practice = practiceOrigins();
    if (practice.length > 0 && !practice.includes(url.origin)) {
      return `In practice mode only the practice systems are reached, not ${url.host}.`;
    }
    if (practice.length === 0 && permission(target) === 'none')
      return `The host ${url.host} is not an allowed one.`;
    const literal = bareHost(url.hostname);
    return isIP(literal) === 0 ? null : refuseAddress(target, literal);
  }

  function refuseAddress(target: { hostname: string; port: number }, address: string): string | null {
    const range = addressRange(address);
    const where = `${target.hostname} (${address})`;
    if (range === 'forbidden') return `The address ${where} is never called.`;
    if (ownPorts.includes(target.port) && isThisMachine(address, range)) {
      return `${where}, port ${target.port}, is this application itself.`;
    }
    if (practiceOrigins().length > 0) {
      return range === 'loopback' ? null : `In practice mode only this machine is called, not ${where}.`;
    }
    const permitted = permission(target);
    if (permitted === 'none') return `The host ${target.hostname} is not an allowed one.`;
    if (range === 'loopback' && permitted !== 'exact') return `${where} is this machine itself.`;
    return null;
  }

  function permission(target: { hostname: string; port: number }): 'exact' | 'wildcard' | 'none' {
    const host = bareHost(target.hostname);
    const entries = allowedHosts().map((entry) => entry.trim().toLowerCase());
    if (entries.some((entry) => isExactly(entry, host, target.port))) return 'exact';
    return entries.some((entry) => entry.startsWith('*.') && host.endsWith(entry.slice(1)))
      ? 'wildcard'
      : 'none';
  }

  return { refuseUrl, refuseAddress };
}

function isExactly(entry: string, host: string, port: number): boolean {
  if (bareHost(entry) === host) return true;
  const [, name, ownPort] = /^(.+):(\d+)$/.exec(entry) ?? [];
  return name !== undefined && bareHost(name) === host && Number(ownPort) === port;
}

/** Lower case, without the brackets of an IPv6 literal and the dot that ends a full name. */
function bareHost(hostname: string): string {
  return hostname
    .toLowerCase()
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '');
}

function portOf(url: URL): number {
  if (url.port !== '') return Number(url.port);
  return url.protocol === 'https:' ? 443 : 80;
}

function isThisMachine(address: string, range: ReturnType<typeof addressRange>): boolean {
  if (range === 'loopback') return true;
  return Object.values(networkInterfaces()).some((interfaces) =>
    interfaces?.some((own) => own.address === address),
  );
}
