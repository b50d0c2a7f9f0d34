import type { UpstreamError } from '../../errors/app-error.ts';
import type { OutgoingResponse } from '../http/outgoing-request.ts';
import { retryAfterMs } from '../http/retry-after.ts';
import { createAnswerFrames } from './answer-frames.ts';
import {
  callRefused,
  credentialRefused,
  errorInside,
  notAStream,
  quotable,
  rateLimited,
  redirected,
  saidInBody,
  serverFailed,
  signInPage,
} from './answer-problems.ts';
import type { ModelRequest } from './model-request.ts';

/** What the answer was asked for with, as far as it tells what is wrong with it. */
interface Asked {
  request: Pick<ModelRequest, 'url' | 'dialect' | 'secrets'>;
}

/**
 * Looks at status and headers before anything is read as an answer.
 * @throws UpstreamError as answer-problems.ts tells it when this is no answer of the kind that was asked for.
 */
export async function refuseWrongAnswer(
  response: OutgoingResponse,
  asked: Asked,
  now: number,
): Promise<void> {
  const { status, headers } = response;
  const contentType = headers['content-type']?.split(';')[0]?.trim().toLowerCase() ?? '';
  if (status >= 300 && status < 400) throw redirectProblem(status, headers.location ?? '', asked);
  if (status >= 400)
    throw statusProblem(status, retryAfterMs(headers['retry-after'], now), await said(response, asked));
  if (contentType === 'text/html' || contentType === 'application/xhtml+xml') throw signInPage(status);
  if (asked.request.dialect.type === 'sse' && contentType === 'application/json') {
    throw await bodyInsteadOfStream(response, asked, contentType);
  }
}

const LONGEST_ERROR_BODY_BYTES = 64 * 1024;

function statusProblem(status: number, waitMs: number | undefined, sentence: string): UpstreamError {
  if (status === 401 || status === 403) return credentialRefused(status, sentence);
  if (status === 429) return rateLimited(status, waitMs, sentence);
  if (status >= 500) return serverFailed(status, waitMs, sentence);
  return callRefused(status, sentence);
}

function redirectProblem(status: number, location: string, { request }: Asked): UpstreamError {
  const target = URL.parse(location, request.url);
  if (!target) return redirected(status, 'nowhere');
  const toSignIn = SIGN_IN_WORDS.test(target.hostname + target.pathname);
  // Only the address: its query may hold tickets. Some gateways put the session into the path.
  return toSignIn
    ? signInPage(status)
    : redirected(status, quotable(target.origin + target.pathname, request.secrets));
}

const SIGN_IN_WORDS =
  /(^|[./_-])(log-?in|log-?on|sign-?in|sso|saml2?|oauth2?|oidc|openid|auth|authori[sz]e|idp|adfs)([./_-]|$)/i;

/** Status 200 and one JSON body: an error that the gateway found no better way to tell, or a wrong setting. */
async function bodyInsteadOfStream(
  response: OutgoingResponse,
  asked: Asked,
  contentType: string,
): Promise<UpstreamError> {
  const body = await response.text(LONGEST_ERROR_BODY_BYTES);
  const frames = createAnswerFrames(asked.request.dialect);
  frames.take(parsedOrNull(body));
  return frames.state.error
    ? errorInside(frames.state.error, asked.request.secrets)
    : notAStream(contentType);
}

async function said(response: OutgoingResponse, { request }: Asked): Promise<string> {
  try {
    return saidInBody(await response.text(LONGEST_ERROR_BODY_BYTES), request.dialect, request.secrets);
  } catch {
    // The status says enough; a body that is too long or broken adds nothing.
    return '';
  }
}

function parsedOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
