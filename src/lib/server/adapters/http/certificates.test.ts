import { createServer } from 'node:https';
import { afterEach, describe, expect, test } from 'vitest';
import { createLoopback } from '../../../../../tests/support/loopback.ts';
import { createTestHttp, patientTimeouts, systemTrust } from '../../../../../tests/support/outgoing.ts';
import {
  expiredCertificate,
  otherNameCertificate,
  testAuthorityPem,
  testServerCertificate,
} from '../../../../../tests/support/tls-certificates.ts';
import { readCaCertificates } from '../../security/ca-certificate.ts';
import type { OutgoingHttp } from './outgoing-request.ts';

interface Certificate {
  cert: string;
  key: string;
}

const loopback = createLoopback();
afterEach(() => loopback.close());

/** Some months after the test's certificates were made. */
const NOW = Date.UTC(2027, 0, 1);
const because = (reason: string) =>
  expect.objectContaining({ code: 'ca_refused', fields: { caPem: expect.stringContaining(reason) } });

describe('what a person uploads as an authority', () => {
  test.each([
    ['a server’s own certificate', testServerCertificate.cert, 'CA:TRUE'],
    ['a certificate that has run out', expiredCertificate.cert, 'CA:TRUE'],
    ['a certificate with its key', otherNameCertificate.cert + otherNameCertificate.key, 'private key'],
    ['one that is too large', testAuthorityPem.repeat(120), '64 KiB'],
  ])('is refused where it is %s', (_, pem, reason) => {
    expect(() => readCaCertificates(pem, NOW)).toThrow(because(reason));
  });

  test('is taken where it is an authority’s', () => {
    expect(readCaCertificates(testAuthorityPem, NOW).pem).toBe(testAuthorityPem);
  });
});

describe('a server that shows a certificate', () => {
  test.each<[string, Certificate, string | null, string | null]>([
    ['of an authority that the person uploaded', testServerCertificate, testAuthorityPem, null],
    ['of an authority that nobody knows', testServerCertificate, null, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
    [
      'of another authority than theirs',
      testServerCertificate,
      otherNameCertificate.cert,
      'UNABLE_TO_VERIFY',
    ],
    [
      'that has run out, though they trust it',
      expiredCertificate,
      expiredCertificate.cert,
      'that has expired \\(CERT_HAS_EXPIRED',
    ],
    [
      'for another host, though they trust it',
      otherNameCertificate,
      otherNameCertificate.cert,
      'for another host \\(ERR_TLS_CERT_ALTNAME_INVALID',
    ],
    ['that it signed itself', expiredCertificate, null, 'DEPTH_ZERO_SELF_SIGNED_CERT|CERT_HAS_EXPIRED'],
  ])('%s', async (_, certificate, caPem, refusal) => {
    const url = await serve(certificate);
    const http = outgoing();
    const answer = ask(http, url, { verify: true, caPem });
    if (refusal === null) await expect(answer).resolves.toBe('private');
    else
      await expect(answer).rejects.toMatchObject({
        kind: 'refused',
        code: 'jira_untrusted',
        message: expect.stringMatching(refusal),
      });
  });

  test.each([testServerCertificate, expiredCertificate, otherNameCertificate])(
    'is taken unseen by whoever switched verification off, and by nobody else at the same time',
    async (certificate) => {
      const url = await serve(certificate);
      const http = outgoing();
      const [blind, careful] = await Promise.allSettled([
        ask(http, url, { verify: false, caPem: null }),
        ask(http, url, systemTrust),
      ]);
      expect(blind).toMatchObject({ status: 'fulfilled', value: 'private' });
      expect(careful).toMatchObject({ status: 'rejected', reason: { code: 'jira_untrusted' } });
      // A connection that is kept from the blind call must not serve the careful one.
      await expect(ask(http, url, systemTrust)).rejects.toMatchObject({ code: 'jira_untrusted' });
    },
  );
});

async function serve(certificate: Certificate): Promise<string> {
  const server = createServer(certificate, (_request, response) => response.end('private'));
  const port = await loopback.listen(server);
  loopback.closing({ close: () => server.closeAllConnections() });
  return `https://127.0.0.1:${port}/`;
}

function outgoing(): OutgoingHttp {
  return loopback.closing(createTestHttp({ hosts: [] }));
}

async function ask(
  http: OutgoingHttp,
  url: string,
  tls: { verify: boolean; caPem: string | null },
): Promise<string> {
  const answer = await http.send({
    upstream: 'jira',
    method: 'GET',
    url,
    headers: {},
    tls,
    timeouts: patientTimeouts,
  });
  return answer.text(100);
}
