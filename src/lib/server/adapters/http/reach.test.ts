import { createServer as createTcpServer } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import { afterEach, describe, expect, test } from 'vitest';
import { createLoopback } from '../../../../../tests/support/loopback.ts';
import { systemTrust } from '../../../../../tests/support/outgoing.ts';
import {
  expiredCertificate,
  otherNameCertificate,
  testAuthorityPem,
  testServerCertificate,
} from '../../../../../tests/support/tls-certificates.ts';
import { createUrlGuard } from '../../security/url-guard.ts';
import type { TlsTrust } from './outgoing-request.ts';
import { openReach, type Reach } from './reach.ts';

const loopback = createLoopback();
afterEach(() => loopback.close());

type Lookup = NonNullable<Parameters<typeof openReach>[1]['lookup']>;

/** Answers as the name server would, without asking it. */
function lookup(answer: { code: string } | string[]): Lookup {
  return ((_name: string, _options: object, done: (error: Error | null, found: object[]) => void) => {
    if (Array.isArray(answer))
      done(
        null,
        answer.map((address) => ({ address, family: 4 })),
      );
    else done(Object.assign(new Error('failed'), answer), []);
  }) as unknown as Lookup;
}

interface Options {
  tls?: TlsTrust;
  lookup?: Lookup;
  connectMs?: number;
  signal?: AbortSignal;
}

function reach(url: string, { tls = systemTrust, connectMs = 5_000, ...options }: Options = {}): Reach {
  const guard = createUrlGuard({
    allowedHosts: () => ['127.0.0.1', 'localhost', 'tracker.company.test', '169.254.169.254'],
    practiceOrigins: () => [],
    ownPorts: [],
  });
  const { signal = new AbortController().signal } = options;
  return loopback.closing(
    openReach({ upstream: 'jira', url, tls, connectMs, signal }, { guard, ...options }),
  );
}

describe('A name', () => {
  test('is told with its addresses, and an address as one', async () => {
    const found = lookup(['127.0.0.1', '127.0.0.2']);
    expect(await reach('http://localhost', { lookup: found }).resolve()).toBe(
      'localhost is 127.0.0.1, 127.0.0.2.',
    );
    expect(await reach('http://127.0.0.1:8080/jira').resolve()).toBe('127.0.0.1 is an address already.');
  });

  test.each([
    ['that nobody knows', { code: 'ENOTFOUND' }, /^No address is known for tracker.company.test/, /typing/],
    ['whose server is silent', { code: 'EAI_AGAIN' }, /could not be looked up/, /name server/],
  ])('%s says so', async (_, answer, message, hint) => {
    const way = reach('https://tracker.company.test', { lookup: lookup(answer) });
    await expect(way.resolve()).rejects.toMatchObject({
      code: 'jira_unreachable',
      message: expect.stringMatching(message),
      hint: expect.stringMatching(hint),
    });
  });

  test.each([
    ['that leads where nothing is called', 'https://tracker.company.test', ['169.254.169.254']],
    ['that is no allowed one', 'https://elsewhere.test', ['127.0.0.1']],
  ])('%s is denied before anything is connected', async (_, url, found) => {
    await expect(reach(url, { lookup: lookup(found) }).resolve()).rejects.toMatchObject({
      code: 'jira_address_denied',
    });
  });
});

describe('A server', () => {
  test('that answers is told with its address, and http is not encrypted', async () => {
    const port = await loopback.listen(createTcpServer());
    const way = reach(`http://localhost:${port}`, { lookup: lookup(['127.0.0.1']) });
    await way.resolve();
    expect(await way.connect()).toBe(`127.0.0.1 answers on port ${port}.`);
    expect(await way.encrypt()).toBeNull();
  });

  test('that refuses the connection is told with its port', async () => {
    const way = reach(await loopback.nobody());
    await way.resolve();
    await expect(way.connect()).rejects.toMatchObject({
      code: 'jira_unreachable',
      message: expect.stringMatching(
        /^Nothing listens at 127\.0\.0\.1, port \d+: the connection was refused/,
      ),
      hint: expect.stringContaining('port'),
    });
  });

  test('is not waited for once its person gave up', async () => {
    const port = await loopback.listen(createTcpServer());
    const leave = new AbortController();
    const way = reach(`https://127.0.0.1:${port}`, { signal: leave.signal });
    await way.resolve();
    await way.connect();
    const encrypting = way.encrypt();
    leave.abort(new Error('left'));
    await expect(encrypting).rejects.toThrow('left');
  });
});

describe('Encryption', () => {
  async function encryptedBy(options: TlsOptions, reaching: Options = {}, host = 'localhost') {
    const server = createTlsServer(options, (socket) => socket.on('error', () => undefined));
    const port = await loopback.listen(server);
    const way = reach(`https://${host}:${port}`, { lookup: lookup(['127.0.0.1']), ...reaching });
    await way.resolve();
    await way.connect();
    return way.encrypt();
  }
  const trusting = (caPem: string | null) => ({ tls: { verify: true, caPem } });

  test('with a certificate of an authority that the person trusts says whose it is', async () => {
    const told =
      /^Encrypted \(TLSv1\.3\)\. The certificate is for localhost, signed by Backlogue test authority/;
    expect(await encryptedBy(testServerCertificate, trusting(testAuthorityPem))).toMatch(told);
    expect(await encryptedBy(testServerCertificate, trusting(testAuthorityPem), '127.0.0.1')).toMatch(told);
  });

  test('that is not verified says so, whatever the certificate', async () => {
    const told = await encryptedBy(otherNameCertificate, { tls: { verify: false, caPem: null } });
    expect(told).toMatch(/its certificate is not verified\.$/);
  });

  test.each([
    {
      what: 'an authority that nobody trusts here',
      certificate: testServerCertificate,
      caPem: null,
      message: /signed by Backlogue test authority, which is not trusted here/,
      hint: /Upload the certificate/,
    },
    {
      what: 'itself alone',
      certificate: otherNameCertificate,
      caPem: null,
      message: /signed by nobody but itself/,
      hint: /upload/,
    },
    {
      what: 'a day that is past',
      certificate: expiredCertificate,
      caPem: expiredCertificate.cert,
      message: /ran out on 2021-01-01/,
      hint: /new one/,
    },
    {
      what: 'another name',
      certificate: otherNameCertificate,
      caPem: otherNameCertificate.cert,
      message: /is for tracker\.example\.com, and not for this name/,
      hint: /name in the URL/,
    },
  ])(
    'is not trusted where the certificate speaks of $what',
    async ({ certificate, caPem, message, hint }) => {
      await expect(encryptedBy(certificate, trusting(caPem))).rejects.toMatchObject({
        code: 'jira_untrusted',
        retryable: false,
        message: expect.stringMatching(message),
        hint: expect.stringMatching(hint),
      });
    },
  );

  test.each([
    [
      'is not spoken at all',
      createTcpServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')),
      /does not encrypt on port/,
    ],
    [
      'is broken off',
      createTcpServer((socket) => socket.destroy()),
      /broke off while encryption was agreed on/,
    ],
  ])('that %s is told as that', async (_, server, message) => {
    const port = await loopback.listen(server);
    const way = reach(`https://127.0.0.1:${port}`);
    await way.resolve();
    await way.connect();
    await expect(way.encrypt()).rejects.toMatchObject({ message: expect.stringMatching(message) });
  });

  test('that only an old version of TLS is offered for is told as that', async () => {
    const old = { ...testServerCertificate, maxVersion: 'TLSv1.1', minVersion: 'TLSv1.1' } as const;
    const ciphers = 'DEFAULT:@SECLEVEL=0';
    await expect(encryptedBy({ ...old, ciphers })).rejects.toMatchObject({ code: 'jira_old_tls' });
  });

  test('that never comes is not waited for beyond the limit', async () => {
    const port = await loopback.listen(createTcpServer());
    const way = reach(`https://127.0.0.1:${port}`, { connectMs: 30 });
    await way.resolve();
    await way.connect();
    await expect(way.encrypt()).rejects.toMatchObject({ code: 'jira_no_tls', retryable: true });
  });
});
