import type { Problem } from '../../contracts/problem.ts';

interface AppErrorOptions {
  /** What to do next, for the person. */
  hint?: string;
  /** Sentences beside form fields. */
  fields?: Record<string, string>;
  cause?: unknown;
  retryable?: boolean;
}

/**
 * An error whose `code` is stable and whose `message` a person may read. It knows nothing of HTTP or sockets:
 * `to-http.ts` and `to-ack.ts` own that. Neither message nor hint ever holds a secret; `cause` may, and is only
 * logged through redaction.
 */
export class AppError extends Error {
  readonly code: string;
  readonly hint: string | undefined;
  readonly fields: Record<string, string> | undefined;
  readonly retryable: boolean;

  constructor(code: string, message: string, options: AppErrorOptions = {}) {
    super(message, { cause: options.cause });
    this.name = new.target.name;
    this.code = code;
    this.hint = options.hint;
    this.fields = options.fields;
    this.retryable = options.retryable ?? false;
  }

  toProblem(requestId?: string): Problem {
    return {
      code: this.code,
      message: this.message,
      retryable: this.retryable,
      ...(this.hint === undefined ? {} : { hint: this.hint }),
      ...(this.fields === undefined ? {} : { fields: this.fields }),
      ...(requestId === undefined ? {} : { requestId }),
    };
  }
}

/** Not there, or not yours: the two look alike. */
export class NotFoundError extends AppError {}
/** Known and signed in, but not allowed. */
export class ForbiddenError extends AppError {}
/** No live session. */
export class UnauthenticatedError extends AppError {}
/** What was sent cannot be taken; `fields` says where. */
export class InvalidError extends AppError {}
/** True when it was sent, overtaken since: another tab answered, a newer version exists. */
export class ConflictError extends AppError {}
/** Too much, too fast, or a queue is full. `retryable` is true. */
export class BusyError extends AppError {
  readonly retryAfterMs: number | undefined;
  constructor(code: string, message: string, options: AppErrorOptions & { retryAfterMs?: number } = {}) {
    super(code, message, { retryable: true, ...options });
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** This installation itself cannot do it at the moment: its storage takes nothing. What was asked for did not happen. */
export class UnavailableError extends AppError {}

/** How a remote call failed: what a caller may do next depends on it. */
export type UpstreamKind =
  /** It certainly did not happen: refused before sending, or a parsed 4xx. */
  | 'refused'
  /** The credential was not taken (401, 403, a sign-in page). */
  | 'credential'
  /** 429; `retryAfterMs` where it said so. */
  | 'rate_limited'
  /** Nothing answered, or a 5xx, or the answer broke off: it may have happened. */
  | 'unknown'
  /** An answer came that could not be read as what was promised. */
  | 'unreadable';

/** Jira, Confluence, the model or an MCP server did not do what was asked. Keeps `cause`. */
export class UpstreamError extends AppError {
  readonly upstream: 'jira' | 'confluence' | 'llm' | 'mcp';
  readonly kind: UpstreamKind;
  readonly status: number | undefined;
  readonly retryAfterMs: number | undefined;
  /** A limit of our own ran out: the same call would most likely take as long again. */
  readonly timedOut: boolean;
  constructor(
    code: string,
    message: string,
    options: AppErrorOptions & {
      upstream: UpstreamError['upstream'];
      kind: UpstreamKind;
      status?: number;
      retryAfterMs?: number;
      timedOut?: boolean;
    },
  ) {
    super(code, message, {
      retryable: options.kind === 'unknown' || options.kind === 'rate_limited',
      ...options,
    });
    this.upstream = options.upstream;
    this.kind = options.kind;
    this.status = options.status;
    this.retryAfterMs = options.retryAfterMs;
    this.timedOut = options.timedOut ?? false;
  }
}
