import { AppError, UpstreamError } from '../../errors/app-error.ts';
import type { OutgoingRequest } from './outgoing-request.ts';

type Upstream = OutgoingRequest['upstream'];

export const upstreamNames: Record<Upstream, string> = {
  jira: 'Jira',
  confluence: 'Confluence',
  llm: 'The language model',
  mcp: 'The tool server',
};

/** One call as its failure is told. `sent` is true from the moment its first byte may have left. */
export interface CallInProgress {
  upstream: Upstream;
  host: string;
  sent: boolean;
}

const tryAgain = 'What you have here is kept. Try again in a moment; if it goes on, tell your administrator.';

/**
 * Turns what went wrong on the wire into an UpstreamError: `refused` while nothing can have left, `unknown` from
 * then on, because a lost answer says nothing about what the other side did.
 */
export function networkProblem(call: CallInProgress, cause: unknown): AppError {
  if (cause instanceof AppError) return cause;
  const code = errorCode(cause);
  if (call.sent) {
    return problem(call, 'connection_lost', 'lost the connection before it had answered in full', cause, {
      hint: tryAgain,
    });
  }
  if (isTrustFailure(code)) {
    const { what, hint } = TRUST_FAILURES[code] ?? UNKNOWN_AUTHORITY;
    return problem(call, 'untrusted', `shows a certificate ${what} (${code})`, cause, {
      hint,
      retryable: false,
    });
  }
  if (NAME_UNKNOWN.has(code)) {
    return problem(call, 'unreachable', `could not be found: no address is known for ${call.host}`, cause, {
      hint: 'Check the URL for a typing error.',
    });
  }
  return problem(call, 'unreachable', `could not be reached at ${call.host}`, cause, {
    hint: 'Check the URL, and that the server is running.',
    timedOut: code === 'UND_ERR_CONNECT_TIMEOUT' || code === 'ETIMEDOUT',
  });
}

export type Deadline = 'first_byte' | 'idle' | 'total';

const DEADLINE_SENTENCES: Record<Deadline, string> = {
  first_byte: 'did not begin to answer in time',
  idle: 'stopped in the middle of its answer',
  total: 'took longer than a call may take',
};

export function deadlineProblem(call: CallInProgress, deadline: Deadline, limitMs: number): UpstreamError {
  return problem(call, 'timeout', `${DEADLINE_SENTENCES[deadline]} (${limitMs} ms)`, undefined, {
    hint: tryAgain,
    timedOut: true,
  });
}

/** An answer came, but not one that can be used. */
export function unreadableProblem(
  upstream: Upstream,
  what: string,
  options: { cause?: unknown; status?: number } = {},
): UpstreamError {
  return new UpstreamError(`${upstream}_unreadable`, `${upstreamNames[upstream]} ${what}.`, {
    upstream,
    kind: 'unreadable',
    hint: tryAgain,
    ...options,
  });
}

/** The URL guard said no: nothing was sent. */
export function deniedProblem(upstream: Upstream, reason: string): UpstreamError {
  return new UpstreamError(
    `${upstream}_address_denied`,
    `${upstreamNames[upstream]} was not called. ${reason}`,
    {
      upstream,
      kind: 'refused',
      hint: 'Ask your administrator to add the host to allowedHosts in config.json if it is the right one.',
    },
  );
}

const NAME_UNKNOWN = new Set(['ENOTFOUND', 'EAI_AGAIN', 'EAI_NONAME', 'EAI_NODATA']);

/** What no uploaded authority mends. */
const TRUST_FAILURES: Record<string, { what: string; hint: string } | undefined> = {
  CERT_HAS_EXPIRED: { what: 'that has expired', hint: 'Only those who run that server can renew it.' },
  CERT_NOT_YET_VALID: {
    what: 'that is not valid yet',
    hint: 'Ask your administrator whether the clocks of both servers are right.',
  },
  ERR_TLS_CERT_ALTNAME_INVALID: {
    what: 'for another host',
    hint: 'The host in the URL must be one that the certificate names. Ask your administrator.',
  },
};

const UNKNOWN_AUTHORITY = {
  what: 'that is not trusted',
  hint: 'Upload the certificate of the authority that signed it, or ask your administrator.',
};

/** OpenSSL's verification results as Node names them, and Node's own for a certificate of another host. */
function isTrustFailure(code: string): boolean {
  return /CERT|^ERR_TLS|^ERR_SSL|UNABLE_TO_(GET|VERIFY)|^EPROTO$|^HOSTNAME_MISMATCH$/.test(code);
}

function errorCode(cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  return typeof code === 'string' ? code : '';
}

function problem(
  call: CallInProgress,
  suffix: string,
  happened: string,
  cause: unknown,
  options: { hint?: string; retryable?: boolean; timedOut?: boolean } = {},
): UpstreamError {
  return new UpstreamError(`${call.upstream}_${suffix}`, `${upstreamNames[call.upstream]} ${happened}.`, {
    upstream: call.upstream,
    kind: call.sent ? 'unknown' : 'refused',
    // Refused before sending is as safe to repeat as an unknown read: the server may only be restarting.
    retryable: true,
    cause,
    ...options,
  });
}
