import type { PeerCertificate } from 'node:tls';

export interface CertificateWords {
  /** Whom it names: its own name, or the first of those that it is for. */
  subject: string;
  issuer: string;
  /** As a day, such as 2027-03-01. */
  validFrom: string;
  validTo: string;
  /** Goes on after "The certificate". */
  inWords: string;
}

/** Names come from whoever answers: they are shortened, and hold nothing but letters that can be printed. */
const LONGEST_NAME = 80;

/** What a person needs to know of a server's certificate. One that lacks a field says "nobody" or "unknown" there. */
export function certificateWords(certificate: Partial<PeerCertificate>): CertificateWords {
  const subject = plainName(
    first(certificate.subject?.CN) ?? certificate.subjectaltname?.split(', ')[0]?.replace(/^[^:]*:/, ''),
  );
  const issuer = plainName(first(certificate.issuer?.CN) ?? first(certificate.issuer?.O));
  const validFrom = dayOf(certificate.valid_from);
  const validTo = dayOf(certificate.valid_to);
  return {
    subject,
    issuer,
    validFrom,
    validTo,
    inWords: `is for ${subject}, signed by ${issuer}, and valid until ${validTo}`,
  };
}

/** A field that a certificate repeats comes as a list. */
function first(field: string | string[] | undefined): string | undefined {
  return Array.isArray(field) ? field[0] : field;
}

function plainName(name: string | undefined): string {
  const plain = (name ?? '').replace(/[^\p{L}\p{N}\p{P}\p{S} ]/gu, '').slice(0, LONGEST_NAME);
  return plain === '' ? 'nobody' : plain;
}

function dayOf(time: string | undefined): string {
  const at = Date.parse(time ?? '');
  return Number.isNaN(at) ? 'unknown' : new Date(at).toISOString().slice(0, 10);
}
