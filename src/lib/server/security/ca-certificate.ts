import { X509Certificate } from 'node:crypto';
import { InvalidError } from '../errors/app-error.ts';

const MOST_BYTES = 64 * 1024;
const CERTIFICATE = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;

export interface CaCertificates {
  /** The certificates alone, without whatever text stood between them. */
  pem: string;
  /** Subject of the first, such as `CN=Example Root CA, O=Example`. */
  subject: string;
}

/**
 * Reads an uploaded PEM file of one or more CA certificates. `now` in milliseconds since 1970.
 * @throws InvalidError `ca_refused`: too large, holds a private key, no certificate, not a CA's, over.
 */
export function readCaCertificates(text: string, now: number): CaCertificates {
  if (Buffer.byteLength(text) > MOST_BYTES) throw refused('A CA file has at most 64 KiB.');
  if (/PRIVATE KEY/i.test(text)) {
    throw refused(
      'That file holds a private key, which must stay with its owner. Upload the certificate alone.',
    );
  }
  const blocks = text.match(CERTIFICATE) ?? [];
  const certificates = blocks.map((block) => acceptable(block, now));
  const first = certificates[0];
  if (first === undefined)
    throw refused('That is not a certificate in PEM form (-----BEGIN CERTIFICATE-----).');
  return { pem: `${blocks.join('\n')}\n`, subject: oneLine(first.subject) };
}

/**
 * Why the text of an authority's file, as an administrator names it, cannot be used; null where it can. A bundle may hold
 * what nobody needs, so neither age nor purpose of a certificate counts here.
 */
export function caBundleProblem(text: string): string | null {
  if (/PRIVATE KEY/i.test(text)) return 'expected certificates alone, found a private key';
  const blocks = text.match(CERTIFICATE) ?? [];
  if (blocks.length === 0) return 'expected certificates in PEM form (-----BEGIN CERTIFICATE-----)';
  const isReadable = (block: string) => {
    try {
      parsed(block);
      return true;
    } catch {
      return false;
    }
  };
  return blocks.every(isReadable) ? null : 'expected certificates that can be read, found a damaged one';
}

function acceptable(block: string, now: number): X509Certificate {
  const certificate = parsed(block);
  const subject = oneLine(certificate.subject);
  // `ca` reads basicConstraints CA:TRUE. A server's own certificate would pin it, and fail silently when renewed.
  if (!certificate.ca)
    throw refused(`${subject} is not the certificate of a certificate authority (CA:TRUE).`);
  if (Date.parse(certificate.validTo) <= now)
    throw refused(`${subject} was valid until ${certificate.validTo}.`);
  return certificate;
}

function parsed(block: string): X509Certificate {
  try {
    return new X509Certificate(block);
  } catch (cause) {
    throw refused('That certificate cannot be read. Export it again in PEM form.', cause);
  }
}

/** Node separates the parts of a subject by line breaks. */
function oneLine(subject: string): string {
  return subject.split('\n').join(', ');
}

function refused(reason: string, cause?: unknown): InvalidError {
  return new InvalidError('ca_refused', 'That CA file cannot be used.', { fields: { caPem: reason }, cause });
}
