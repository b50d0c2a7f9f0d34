import { networkInterfaces } from 'node:os';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createUrlGuard } from './url-guard.ts';

function guard(options: { hosts?: string[]; practice?: string[]; ownPorts?: number[] } = {}) {
  return createUrlGuard({
    allowedHosts: () => options.hosts ?? [],
    practiceOrigins: () => options.practice ?? [],
    ownPorts: options.ownPorts ?? [3000, 3001],
  });
}

describe('a host', () => {
  const live = guard({ hosts: ['jira.example.com', '*.corp.example', 'wiki.example.com:8443'] });

  test.each([
    'https://jira.example.com/rest/api/2/myself',
    'https://JIRA.Example.com./',
    'http://jira.example.com:8080/',
    'https://a.corp.example/',
    'https://a.b.corp.example/',
    'https://wiki.example.com:8443/',
  ])('that an administrator configured may be called: %s', (url) => {
    expect(live.refuseUrl(url)).toBeNull();
  });

  test.each([
    'https://example.com/',
    'https://jira.example.com.evil.test/',
    'https://corp.example/',
    'https://evilcorp.example/',
    'https://wiki.example.com/',
    'https://user:secret@jira.example.com/',
    'ftp://jira.example.com/',
    'file:///etc/passwd',
    'jira.example.com',
  ])('of any other kind is refused with a sentence: %s', (url) => {
    expect(live.refuseUrl(url)).toMatch(/^[A-Z].*\.$/);
  });
});

describe('an address', () => {
  const jira = { hostname: 'jira.example.com', port: 443 };
  const live = guard({ hosts: ['jira.example.com', '*.corp.example'] });

  test('in a private range is allowed for a configured host', () => {
    for (const address of [
      '10.0.0.7',
      '172.16.3.4',
      '192.168.1.1',
      'fd12:3456::1',
      '203.0.113.5',
      '2a00:1450::1',
    ]) {
      expect(live.refuseAddress(jira, address)).toBeNull();
    }
  });

  test('of this machine needs a host that is configured by its full name', () => {
    expect(live.refuseAddress(jira, '127.0.0.1')).toBeNull();
    expect(live.refuseAddress({ hostname: 'rebound.corp.example', port: 443 }, '127.0.0.1')).toContain(
      'this machine',
    );
    expect(live.refuseAddress({ hostname: 'app.corp.example', port: 443 }, '10.1.2.3')).toBeNull();
  });

  test('that serves metadata, multicast or nothing is denied to everybody', () => {
    const addresses = [
      '169.254.169.254',
      '169.254.0.1',
      '0.0.0.0',
      '0.1.2.3',
      '224.0.0.1',
      '255.255.255.255',
    ].concat([
      '100.100.100.200',
      '::',
      'fe80::1',
      'fe80::1%eth0',
      'ff02::1',
      'fd00:ec2::254',
      'not an address',
    ]);
    for (const address of addresses) expect(live.refuseAddress(jira, address), address).not.toBeNull();
  });

  test('with one of our own ports is denied on loopback and on our interfaces, and allowed elsewhere', () => {
    const onOurPort = { hostname: 'jira.example.com', port: 3000 };
    expect(live.refuseAddress(onOurPort, '127.0.0.1')).toContain('itself');
    expect(live.refuseAddress(onOurPort, '::1')).toContain('itself');
    const own = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
    for (const { address } of own) expect(live.refuseAddress(onOurPort, address)).not.toBeNull();
    expect(live.refuseAddress(onOurPort, '10.99.98.97')).toBeNull();
  });
});

test('None of more than 200 spellings of a forbidden address or of our own port gets through', () => {
  const forbidden = ['169.254.169.254', '0.0.0.0', '224.0.0.1', '100.100.100.200', '255.255.255.255'];
  const urls = [
    ...forbidden.flatMap(spellings).map((host) => `http://${host}/`),
    ...spellings('127.0.0.1').map((host) => `http://${host}:3000/`),
  ];
  // Whoever configures such a host by mistake is not obeyed, so each of them is configured here.
  const hosts = [...forbidden, '127.0.0.1'].flatMap(spellings);
  const permissive = guard({ hosts: ['*.example.com', ...hosts] });
  expect(new Set(urls).size).toBeGreaterThan(200);
  expect(urls.filter((url) => permissive.refuseUrl(url) === null)).toEqual([]);
});

test('An IPv4 address is judged alike in every IPv6 form that carries it', () => {
  const live = guard({ hosts: ['jira.example.com'] });
  const part = fc.integer({ min: 0, max: 255 });
  const groups = ([a, b, c, d]: number[]) =>
    [(a ?? 0) * 256 + (b ?? 0), (c ?? 0) * 256 + (d ?? 0)].map((n) => n.toString(16));
  const target = { hostname: 'jira.example.com', port: 3000 };
  fc.assert(
    fc.property(fc.tuple(part, part, part, part), (parts) => {
      const plain = live.refuseAddress(target, parts.join('.')) === null;
      const [high, low] = groups(parts);
      for (const carried of [
        `::ffff:${parts.join('.')}`,
        `64:ff9b::${high}:${low}`,
        `2002:${high}:${low}::1`,
      ]) {
        expect(live.refuseAddress(target, carried) === null, carried).toBe(plain);
      }
    }),
    { numRuns: 200 },
  );
});

describe('in practice mode', () => {
  const practice = guard({ hosts: ['jira.example.com'], practice: ['http://127.0.0.1:4001'] });

  test('exactly the origins of the practice systems are reached', () => {
    expect(practice.refuseUrl('http://127.0.0.1:4001/rest/api/2/myself')).toBeNull();
    for (const url of [
      'http://127.0.0.1:4002/',
      'http://localhost:4001/',
      'https://127.0.0.1:4001/',
      'https://jira.example.com/',
    ]) {
      expect(practice.refuseUrl(url), url).not.toBeNull();
    }
  });
});

/** Ways to write one IPv4 address that some parser somewhere accepts. */
function spellings(address: string): string[] {
  const parts = address.split('.').map(Number);
  const [a = 0, b = 0, c = 0, d = 0] = parts;
  const whole = ((a << 24) | (b << 16) | (c << 8) | d) >>> 0;
  const radix = [
    (n: number) => String(n),
    (n: number) => `0x${n.toString(16)}`,
    (n: number) => `0X${n.toString(16).toUpperCase()}`,
    (n: number) => `0${n.toString(8)}`,
    (n: number) => `000${n.toString(8)}`,
  ];
  const mixed = radix.flatMap((first) =>
    radix.map((rest) => [first(a), rest(b), first(c), rest(d)].join('.')),
  );
  const short = radix.flatMap((spell) => [
    spell(whole),
    `${spell(a)}.${spell((b << 16) | (c << 8) | d)}`,
    `${spell(a)}.${spell(b)}.${spell((c << 8) | d)}`,
  ]);
  const hex = (n: number) => n.toString(16).padStart(2, '0');
  const groups = `${hex(a)}${hex(b)}:${hex(c)}${hex(d)}`;
  const v6 = [
    `[::ffff:${address}]`,
    `[::ffff:${groups}]`,
    `[0:0:0:0:0:ffff:${groups}]`,
    `[64:ff9b::${address}]`,
    `[2002:${groups}::1]`,
  ];
  const wide = [...address]
    .map((ch) => (ch === '.' ? '。' : String.fromCodePoint(0xff10 + Number(ch))))
    .join('');
  return [address, `${address}.`, ...mixed, ...short, ...v6, wide];
}
