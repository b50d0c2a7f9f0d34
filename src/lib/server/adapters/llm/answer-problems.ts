import type { DialectConfig } from '../../../contracts/config/config-file.ts';
import { UpstreamError } from '../../errors/app-error.ts';
import type { UpstreamKind } from '../../errors/app-error.ts';
import { askedToWait } from '../http/retry-after.ts';
import type { AnswerState } from './answer-frames.ts';
import { jsonReader } from './json-path.ts';

/** How each wrong answer of a model is told. `said` is the model's own sentence, free of secrets, or empty. */

export function credentialRefused(status: number | undefined, said: string): UpstreamError {
  return problem(
    'llm_credential_refused',
    'credential',
    `The language model did not take your credential${quoted(said)}.`,
    {
      status,
      hint: 'Type a fresh one on the Configurations page and test it. Your conversation and drafts are kept.',
    },
  );
}

/** A redirect to a sign-in, or its page with status 200: what a gateway does when a cookie has expired. */
export function signInPage(status: number): UpstreamError {
  return problem(
    'llm_sign_in_page',
    'credential',
    'Instead of the language model a web page answered, most likely the sign-in page of its gateway: your credential has expired.',
    {
      status,
      hint: 'Sign in there again, then type the fresh credential on the Configurations page and test it.',
    },
  );
}

export function redirected(status: number, location: string): UpstreamError {
  return problem(
    'llm_redirected',
    'unreadable',
    `The language model's address redirects to ${location}, which is not followed.`,
    {
      status,
      hint: 'Ask your administrator to set llm.baseUrl and the endpoint path in config.json to the final address.',
    },
  );
}

export function rateLimited(status: number, retryAfterMs: number | undefined, said: string): UpstreamError {
  return problem(
    'llm_rate_limited',
    'rate_limited',
    `The language model has too much to do at the moment${quoted(said)}.${askedToWait(retryAfterMs)}`,
    {
      status,
      retryAfterMs,
      hint: retryAfterMs ? 'Try again after that; everything is kept.' : 'Try again in a moment.',
    },
  );
}

export function serverFailed(status: number, retryAfterMs: number | undefined, said: string): UpstreamError {
  return problem('llm_failed', 'unknown', `The language model failed with status ${status}${quoted(said)}.`, {
    status,
    retryAfterMs,
    hint: 'Try again in a moment. If it goes on, tell your administrator.',
  });
}

/** Any other 4xx: the call itself is wrong, and would be again. */
export function callRefused(status: number, said: string): UpstreamError {
  const what =
    status === 404 || status === 405 ? 'does not know the address of this call' : 'refused the call';
  return problem(
    'llm_call_refused',
    'refused',
    `The language model ${what} (status ${status})${quoted(said)}.`,
    {
      status,
      hint: 'Ask your administrator to check llm.endpoints in config.json, header.json and payload.json.',
    },
  );
}

export function notAStream(contentType: string): UpstreamError {
  return problem(
    'llm_not_a_stream',
    'unreadable',
    `The language model answered with ${contentType}, not with a stream.`,
    {
      hint: 'Ask your administrator to check llm.dialect in config.json, and that payload.json asks for a stream.',
    },
  );
}

export function nothingReadable(dialect: DialectConfig, state: AnswerState): UpstreamError {
  const seen = state.frames > 0 ? `${state.frames} frames without text` : 'nothing that could be read';
  const place = dialect.deltaPath === undefined ? '' : ` at ${dialect.deltaPath}`;
  return problem('llm_empty_answer', 'unreadable', `The language model's answer held ${seen}${place}.`, {
    hint: 'Try again. If it goes on, ask your administrator to check llm.dialect in config.json.',
  });
}

/** The stream ended before its end was said, and before any text. */
export function cutBeforeText(): UpstreamError {
  return problem('llm_cut', 'unknown', "The language model's answer broke off before its first word.", {
    hint: 'Try again in a moment.',
  });
}

export function declined(said: string): UpstreamError {
  return problem('llm_declined', 'refused', `The language model declined to answer${quoted(said)}.`, {
    hint: 'Put the requirement in other words, or leave out what it may object to.',
  });
}

/** An error that came inside an answer. Its kind shows only in what it says of itself. */
export function errorInside(
  { message, clues }: { message: string; clues: string },
  secrets: readonly string[],
): UpstreamError {
  const said = quotable(message, secrets);
  if (
    /\b40[13]\b|unauthori[sz]ed|forbidden|authentication|session[ _-]?(has )?(expired|invalid)|token[ _-]expired|not signed in/i.test(
      clues,
    )
  ) {
    return credentialRefused(undefined, said);
  }
  if (/\b429\b|rate.?limit|too many requests|quota|overloaded/i.test(clues))
    return rateLimited(429, undefined, said);
  return problem('llm_error', 'unknown', `The language model broke off with an error${quoted(said)}.`, {
    hint: 'Try again in a moment.',
  });
}

const LONGEST_QUOTE = 200;

/** The sentence in an error body, where one stands. */
export function saidInBody(body: string, dialect: DialectConfig, secrets: readonly string[]): string {
  return quotable(sentenceIn(body, dialect), secrets);
}

/** What another system said, fit to be shown: one line, shortened, without what it was sent in confidence. */
export function quotable(said: string, secrets: readonly string[]): string {
  const clean = oneLine(secrets.reduce((text, secret) => text.replaceAll(secret, '[redacted]'), said));
  return clean.length > LONGEST_QUOTE ? `${clean.slice(0, LONGEST_QUOTE)}…` : clean;
}

function sentenceIn(body: string, dialect: DialectConfig): string {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return looksLikeMarkup(body) ? '' : body;
  }
  for (const path of [dialect.errorPath, 'error.message', 'message', 'error', 'detail']) {
    const place = jsonReader(path)(json);
    if (typeof place === 'string' && place !== '') return place;
  }
  return '';
}

export function looksLikeMarkup(text: string): boolean {
  return /^[\s\uFEFF]*<(!doctype|html|head|body|\?xml)/i.test(text);
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}

function quoted(said: string): string {
  return said === '' ? '' : `: “${said.replace(/\.$/, '')}”`;
}

function problem(
  code: string,
  kind: UpstreamKind,
  message: string,
  options: { hint: string; status?: number | undefined; retryAfterMs?: number | undefined },
): UpstreamError {
  return new UpstreamError(code, message, { upstream: 'llm', kind, ...options });
}
