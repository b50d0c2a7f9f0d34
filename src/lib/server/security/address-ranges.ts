import { BlockList, isIP } from 'node:net';

/** What kind of place an IP address is. `forbidden`: nothing that anybody should call through us. */
export type AddressRange = 'forbidden' | 'loopback' | 'private' | 'public';

/**
 * Sorts an address, looking through the IPv6 forms that carry an IPv4 address. What is not an address at all is
 * forbidden. Ranges: IANA's special-purpose address registries for IPv4 and IPv6.
 */
export function addressRange(address: string): AddressRange {
  const bare = address.replace(/%.*$/, '');
  const version = isIP(bare);
  if (version === 0) return 'forbidden';
  const carried = version === 6 ? carriedIpv4(bare) : null;
  if (carried !== null) return addressRange(carried);
  const family = version === 6 ? 'ipv6' : 'ipv4';
  if (FORBIDDEN.check(bare, family)) return 'forbidden';
  if (LOOPBACK.check(bare, family)) return 'loopback';
  return PRIVATE.check(bare, family) ? 'private' : 'public';
}

const FORBIDDEN = blockList([
  '0.0.0.0/8', // unspecified: reaches this machine on Linux
  '169.254.0.0/16', // link-local, with most clouds' metadata service
  '100.100.100.200/32', // metadata at Alibaba
  '192.0.0.0/24', // protocol assignments, with Oracle's metadata service
  '224.0.0.0/4', // multicast
  '240.0.0.0/4', // reserved, and broadcast
  '::/128', // unspecified
  'fe80::/10', // link-local
  'fec0::/10', // site-local, deprecated
  'fd00:ec2::254/128', // metadata at Amazon
  'fd20:ce::254/128', // metadata at Google
  'ff00::/8', // multicast
  '2001::/32', // Teredo: tunnels to an address that cannot be seen from here
]);

const LOOPBACK = blockList(['127.0.0.0/8', '::1/128']);

const PRIVATE = blockList([
  '10.0.0.0/8',
  '100.64.0.0/10',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '198.18.0.0/15',
  'fc00::/7',
]);

function blockList(ranges: string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [net = '', prefix] = range.split('/');
    list.addSubnet(net, Number(prefix), isIP(net) === 6 ? 'ipv6' : 'ipv4');
  }
  return list;
}

/** Prefixes, in 16-bit groups, after which an IPv6 address carries an IPv4 address. */
const CARRIERS: { prefix: number[]; at: number }[] = [
  { prefix: [0, 0, 0, 0, 0, 0xffff], at: 6 }, // IPv4-mapped
  { prefix: [0, 0, 0, 0, 0xffff, 0], at: 6 }, // IPv4-translated
  { prefix: [0x64, 0xff9b, 0, 0, 0, 0], at: 6 }, // NAT64
  { prefix: [0x64, 0xff9b, 1], at: 6 }, // NAT64, local use
  { prefix: [0x2002], at: 1 }, // 6to4
];

function carriedIpv4(address: string): string | null {
  const groups = ipv6Groups(address);
  const carrier = CARRIERS.find(({ prefix }) => prefix.every((group, index) => groups[index] === group));
  // IPv4-compatible, ::a.b.c.d, but neither :: nor ::1.
  const compatible = groups.slice(0, 6).every((group) => group === 0) && (groups[6] ?? 0) !== 0;
  if (!carrier && !compatible) return null;
  const at = carrier?.at ?? 6;
  const [high = 0, low = 0] = groups.slice(at, at + 2);
  return [high >> 8, high & 0xff, low >> 8, low & 0xff].join('.');
}

function ipv6Groups(address: string): number[] {
  // URL spells every IPv6 literal in hexadecimal groups, so a dotted tail needs no code of its own.
  const canonical = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const [head = '', tail] = canonical.split('::');
  const parse = (part: string) =>
    part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16));
  if (tail === undefined) return parse(head);
  const [before, after] = [parse(head), parse(tail)];
  return [...before, ...Array<number>(8 - before.length - after.length).fill(0), ...after];
}
