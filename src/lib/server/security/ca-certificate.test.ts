import { describe, expect, it } from 'vitest';
import { testAuthorityPem, testServerCertificate } from '../../../../tests/support/tls-certificates.ts';
import { readCaCertificates } from './ca-certificate.ts';

const NOW = Date.UTC(2027, 0, 1);
const CENTURY_LATER = Date.UTC(2127, 0, 1);
const because = (reason: string) =>
  expect.objectContaining({ code: 'ca_refused', fields: { caPem: expect.stringContaining(reason) } });

describe('readCaCertificates', () => {
  it('takes a certificate of an authority, and tells its subject in one line', () => {
    expect(readCaCertificates(testAuthorityPem, NOW)).toEqual({
      pem: testAuthorityPem,
      subject: 'CN=Backlogue test authority',
    });
  });

  it('takes a bundle, and leaves out the text between', () => {
    const { pem } = readCaCertificates(`# root\n${testAuthorityPem}\nand again\n${testAuthorityPem}`, NOW);
    expect(pem.match(/BEGIN CERTIFICATE/g)).toHaveLength(2);
    expect(pem).not.toContain('again');
  });

  it.each([
    ['a text without any', 'hello', '-----BEGIN CERTIFICATE-----'],
    [
      'nonsense between the lines',
      '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----',
      'cannot be read',
    ],
    ["a server's own certificate", testServerCertificate.cert, 'CA:TRUE'],
    ["a bundle with a server's certificate in it", testAuthorityPem + testServerCertificate.cert, 'CA:TRUE'],
    ['a private key beside it', testAuthorityPem + testServerCertificate.key, 'private key'],
    ['more than 64 KiB', testAuthorityPem + 'x'.repeat(65_536), '64 KiB'],
  ])('refuses %s', (_, text, reason) => {
    expect(() => readCaCertificates(text, NOW)).toThrow(because(reason));
  });

  it('refuses one that is over', () => {
    expect(() => readCaCertificates(testAuthorityPem, CENTURY_LATER)).toThrow(because('was valid until'));
  });
});
