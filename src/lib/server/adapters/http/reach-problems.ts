import { UpstreamError } from '../../errors/app-error.ts';
import type { CertificateWords } from './certificate-words.ts';
import type { OutgoingRequest } from './outgoing-request.ts';

export interface ReachedHost {
  upstream: OutgoingRequest['upstream'];
  /** As the URL has it, without brackets. */
  name: string;
  port: number;
}

/** Why a name has no address. Null: nobody answered in time. */
export function lookupProblem(host: ReachedHost, error: Error | null): UpstreamError {
  if (codeOf(error) === 'ENOTFOUND') {
    return problem(host, 'unreachable', `No address is known for ${host.name}.`, error, {
      hint: 'Check the URL for a typing error. Some names are known in the company’s network only.',
    });
  }
  return problem(host, 'unreachable', `The address of ${host.name} could not be looked up.`, error, {
    hint: 'The name server of this machine does not answer. Try again; if it goes on, tell your administrator.',
    retryable: true,
  });
}

/** Why no connection came about. Null: nobody answered in time. */
export function connectProblem(host: ReachedHost, error: Error | null): UpstreamError {
  const where = `${host.name}, port ${host.port}`;
  if (codeOf(error) === 'ECONNREFUSED') {
    return problem(host, 'unreachable', `Nothing listens at ${where}: the connection was refused.`, error, {
      hint: 'Check the port in the URL, and that the server is running.',
      retryable: true,
    });
  }
  return problem(host, 'unreachable', `${where} did not answer.`, error, {
    hint: 'A firewall may lie between, or the server is down. Ask your administrator whether this machine may reach it.',
    retryable: true,
  });
}

/**
 * Why no trusted encryption came about. `reason` is what OpenSSL or Node said, null where the server fell silent or hung
 * up; the certificate is there once the server had shown it.
 */
export function tlsProblem(
  host: ReachedHost,
  reason: Error | string | null,
  certificate: CertificateWords | null,
): UpstreamError {
  const code = typeof reason === 'string' ? reason : codeOf(reason);
  const told = certificate && distrusted(code, host, certificate);
  if (told) return problem(host, 'untrusted', told.message, reason, { hint: told.hint });
  if (certificate) {
    return problem(host, 'untrusted', `The certificate of ${host.name} is not trusted (${code}).`, reason, {
      hint: 'Ask your administrator to look at the server’s certificate.',
    });
  }
  if (/WRONG_VERSION_NUMBER|PACKET_LENGTH|HTTP_REQUEST/.test(code)) {
    return problem(host, 'no_tls', `${host.name} does not encrypt on port ${host.port}.`, reason, {
      hint: 'The URL says https. Check the port, or whether it should begin with http.',
    });
  }
  if (/PROTOCOL|HANDSHAKE_FAILURE|NO_SHARED_CIPHER/.test(code)) {
    return problem(host, 'old_tls', `${host.name} and Backlogue share no safe way to encrypt.`, reason, {
      hint: 'The server is set up for a TLS version that is no longer safe. Ask whoever runs it to allow TLS 1.2 or later.',
    });
  }
  return problem(host, 'no_tls', `${host.name} broke off while encryption was agreed on.`, reason, {
    hint: 'Check the port in the URL. A proxy between may break encryption, or the server asks for a client certificate.',
    retryable: true,
  });
}

function distrusted(
  code: string,
  host: ReachedHost,
  { subject, issuer, validFrom, validTo }: CertificateWords,
): { message: string; hint: string } | null {
  const its = `The certificate of ${host.name}`;
  const renew = 'Whoever runs the server must install a new one.';
  switch (code) {
    case 'CERT_HAS_EXPIRED':
      return { message: `${its} ran out on ${validTo}.`, hint: renew };
    case 'CERT_NOT_YET_VALID':
      return {
        message: `${its} counts only from ${validFrom} on.`,
        hint: 'Check the clock of this machine.',
      };
    case 'CERT_REVOKED':
      return { message: `${its} was revoked.`, hint: renew };
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
    case 'HOSTNAME_MISMATCH':
      return {
        message: `${its} is for ${subject}, and not for this name.`,
        hint: 'Use the name in the URL that the certificate is for, or have a certificate made for this one.',
      };
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
      return {
        message: `${its} is signed by nobody but itself.`,
        hint: 'If it is the right server, upload its certificate under Certificates.',
      };
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'UNABLE_TO_GET_ISSUER_CERT':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
      return {
        message: `${its} is signed by ${issuer}, which is not trusted here.`,
        hint: 'Upload the certificate of that authority under Certificates, or ask your administrator for it.',
      };
    default:
      return null;
  }
}

function codeOf(error: Error | null): string {
  const code = error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : '';
}

/** Nothing of a request was sent, so each is a refusal. */
function problem(
  { upstream }: ReachedHost,
  suffix: string,
  message: string,
  cause: unknown,
  options: { hint: string; retryable?: boolean },
): UpstreamError {
  return new UpstreamError(`${upstream}_${suffix}`, message, {
    upstream,
    kind: 'refused',
    cause,
    retryable: false,
    ...options,
  });
}
