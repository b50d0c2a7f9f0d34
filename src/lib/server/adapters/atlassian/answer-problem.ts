import { UpstreamError } from '../../errors/app-error.ts';
import { unreadableProblem, upstreamNames } from '../http/network-problem.ts';
import { askedToWait, retryAfterMs } from '../http/retry-after.ts';
import { refusalDetails } from './refusal-details.ts';

/** An answer of Jira or Confluence with its body read. */
export interface Answer {
  upstream: 'jira' | 'confluence';
  status: number;
  headers: Record<string, string>;
  text: string;
}

/**
 * What an answer means when it is not the one that was promised, or null for a 2xx that may be parsed. Looks at status
 * and headers first: error bodies may be HTML, and anonymous access may dress a refused token as an empty success.
 */
export function answerProblem(answer: Answer, now: number): UpstreamError | null {
  const { status } = answer;
  if (status === 401) return tokenRefused(answer);
  if (status === 403) return forbidden(answer);
  if (status === 429) return rateLimited(answer, now);
  if (status >= 300 && status < 400) return redirected(answer);
  if (status === 404)
    return refused(answer, 'not_found', 'knows nothing under this name, or does not show it to you');
  // A proxy's 408 says that it gave up waiting, not that nothing happened.
  if (status >= 500 || status === 408) return failed(answer, now);
  if (status >= 400) return refused(answer, 'refused', 'refused the request');
  if (isSignInPage(answer)) return signInPage(answer);
  if (answer.headers['x-ausername'] === 'anonymous') return tokenRefused(answer);
  return null;
}

function tokenRefused(answer: Answer): UpstreamError {
  return credentialProblem(answer, 'token_refused', 'did not accept the token', {
    hint: `Create a new personal access token in ${upstreamNames[answer.upstream]} and save it in Configurations.`,
  });
}

function forbidden(answer: Answer): UpstreamError {
  if (/AUTHENTICATION_DENIED/i.test(answer.headers['x-seraph-loginreason'] ?? '')) {
    return credentialProblem(answer, 'captcha', 'wants you to sign in once in the browser first', {
      hint: 'After several failed attempts it asks a CAPTCHA. Sign in there, then try again.',
    });
  }
  const { sentence } = refusalDetails(answer.text);
  return credentialProblem(answer, 'forbidden', 'does not allow this with your token', {
    detail: sentence,
    hint: `Ask whoever runs ${upstreamNames[answer.upstream]} whether you may do this, and whether tokens may be used.`,
  });
}

function rateLimited(answer: Answer, now: number): UpstreamError {
  const waitMs = retryAfterMs(answer.headers['retry-after'], now);
  return new UpstreamError(
    `${answer.upstream}_rate_limited`,
    `${upstreamNames[answer.upstream]} is getting too many requests.${askedToWait(waitMs)}`,
    {
      upstream: answer.upstream,
      kind: 'rate_limited',
      status: answer.status,
      retryAfterMs: waitMs,
      hint: `What you have here is kept. Try again ${waitMs ? 'after that' : 'in a moment'}.`,
    },
  );
}

/** Redirects are never followed: a token must not travel to where an answer points. */
function redirected(answer: Answer): UpstreamError {
  const location = answer.headers['location'] ?? '';
  if (/log-?in|sign-?in|sso|saml|auth/i.test(location)) return signInPage(answer);
  const host = URL.canParse(location) ? ` to ${new URL(location).origin}` : '';
  return refused(answer, 'redirected', `redirects${host} instead of answering`, {
    hint: 'Check the URL in Configurations: http or https, host and path must be those of the server itself.',
  });
}

function signInPage(answer: Answer): UpstreamError {
  return credentialProblem(answer, 'sign_in_page', 'answered with a sign-in page', {
    hint: 'The token may have expired, or a gateway in front of the server does not let tokens through.',
  });
}

function refused(
  answer: Answer,
  suffix: string,
  what: string,
  options: { hint?: string } = {},
): UpstreamError {
  const { sentence, fields } = refusalDetails(answer.text);
  return new UpstreamError(`${answer.upstream}_${suffix}`, told(answer, what, sentence), {
    upstream: answer.upstream,
    kind: 'refused',
    status: answer.status,
    fields,
    ...options,
  });
}

function failed(answer: Answer, now: number): UpstreamError {
  const what = `failed with status ${answer.status}`;
  return new UpstreamError(
    `${answer.upstream}_failed`,
    told(answer, what, refusalDetails(answer.text).sentence),
    {
      upstream: answer.upstream,
      kind: 'unknown',
      status: answer.status,
      retryAfterMs: retryAfterMs(answer.headers['retry-after'], now),
      hint: `What you have here is kept. Try again in a moment; if it goes on, tell whoever runs ${upstreamNames[answer.upstream]}.`,
    },
  );
}

function credentialProblem(
  answer: Answer,
  suffix: string,
  what: string,
  options: { hint?: string; detail?: string },
): UpstreamError {
  return new UpstreamError(`${answer.upstream}_${suffix}`, told(answer, what, options.detail ?? ''), {
    upstream: answer.upstream,
    kind: 'credential',
    status: answer.status,
    hint: options.hint,
  });
}

function told(answer: Answer, what: string, detail: string): string {
  const begun = `${upstreamNames[answer.upstream]} ${what}`;
  return detail === '' ? `${begun}.` : `${begun}: ${detail}`;
}

function isSignInPage(answer: Answer): boolean {
  if (!isHtml(answer)) return false;
  return /type=["']?password|os_username|login-?form|<title>[^<]*(log in|sign in|login)/i.test(answer.text);
}

function isHtml({ headers, text }: Answer): boolean {
  return /html/i.test(headers['content-type'] ?? '') || /^\s*<(!doctype|html)/i.test(text);
}

/** A 2xx body as JSON. Rejects with `<upstream>_unreadable` and never shows what was in it. */
export function parsedJson(answer: Answer): unknown {
  try {
    return JSON.parse(answer.text);
  } catch (cause) {
    const what = isHtml(answer)
      ? 'answered with a web page where data was expected'
      : 'answered with something that is not JSON';
    throw unreadableProblem(answer.upstream, what, { cause, status: answer.status });
  }
}
