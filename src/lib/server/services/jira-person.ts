import { InvalidError, UpstreamError } from '../errors/app-error.ts';
import type { JiraPerson } from './services.ts';

/** Jira's answer to `/rest/api/2/myself`, as far as it is needed. */
export interface JiraUser {
  employeeId: string;
  name: string;
  email: string;
  active: boolean;
  deleted: boolean;
  avatarUrl: string | null;
  self: string;
}

export interface JiraPersonDeps {
  /** The configured Jira, or null. */
  jiraUrl(): string | null;
  /** Asks the configured Jira. Rejects with an UpstreamError that says in its own words what went wrong. */
  proveJiraToken(token: string): Promise<JiraUser>;
  /** A data: URL of at most 64 KiB, or null. Sends the token to Jira's own origin only, and never rejects. */
  fetchAvatar(url: string, token: string): Promise<string | null>;
  /** The URL guard's word: null, or a sentence why that URL is not called. */
  refuseUrl(url: string): string | null;
}

export type ProvenPerson = JiraPerson & { avatarUrl: string | null };

/**
 * Asks Jira whose token it is.
 * @throws InvalidError `jira_token_refused`, `jira_user_inactive`, `jira_user_deleted`, `jira_not_configured`, and the
 * UpstreamErrors of the call: unreachable, untrusted certificate, unreadable answer.
 */
export async function provePerson(deps: JiraPersonDeps, token: string): Promise<ProvenPerson> {
  const configuredUrl = deps.jiraUrl();
  if (configuredUrl === null) {
    throw new InvalidError('jira_not_configured', 'No Jira is configured yet.', {
      hint: 'An administrator sets jira.url in config.json.',
    });
  }
  requireHeaderText(token);
  const user = await deps.proveJiraToken(token).catch((error: unknown) => {
    throw isCredentialRefusal(error) ? tokenRefused(error) : beforeAnAccount(error);
  });
  if (user.deleted) throw notUsable('deleted', user.name);
  if (!user.active) throw notUsable('inactive', user.name);
  const avatarImage = user.avatarUrl === null ? null : await deps.fetchAvatar(user.avatarUrl, token);
  const { employeeId, name, email, avatarUrl } = user;
  return {
    employeeId,
    name,
    email,
    avatarUrl,
    avatarImage,
    jiraUrl: adoptedUrl(user.self, configuredUrl, deps.refuseUrl),
  };
}

/**
 * The URL by which Jira knows itself: what stands before `/rest/api/` in `self`, with its context path. The configured
 * one stays where that names a place which may not be called, or when `self` makes no sense.
 */
export function adoptedUrl(
  self: string,
  configuredUrl: string,
  refuseUrl: (url: string) => string | null,
): string {
  const cut = self.indexOf('/rest/api/');
  const own = self.slice(0, Math.max(0, cut));
  if (!URL.canParse(own) || refuseUrl(own) !== null) return configuredUrl;
  const isDowngrade = configuredUrl.startsWith('https:') && !own.startsWith('https:');
  return isDowngrade ? configuredUrl : own;
}

/** Anything else cannot stand in a header; the transport would fail with the token in its message. */
function requireHeaderText(token: string): void {
  if (!/^[\x21-\x7e]+$/.test(token))
    throw notThisToken({ sentence: 'A token has no spaces or special letters.', hint: 'Copy it again.' });
}

function isCredentialRefusal(error: unknown): error is UpstreamError {
  return error instanceof UpstreamError && error.kind === 'credential';
}

/** Who has no account yet can upload no certificate. */
function beforeAnAccount(error: unknown): unknown {
  if (!(error instanceof UpstreamError) || error.code !== 'jira_untrusted') return error;
  const { code, message, upstream, kind, retryable } = error;
  const hint =
    'Ask your administrator to name the certificate of the authority that signed it as jira.caFile in config.json.';
  return new UpstreamError(code, message, { upstream, kind, retryable, hint, cause: error });
}

/** A CAPTCHA, a missing permission or a gateway's sign-in page is not mended by another token: each has its own advice. */
function tokenRefused(error: UpstreamError): InvalidError {
  const isTokenItself = error.code === 'jira_token_refused';
  const hint = isTokenItself
    ? 'Create a new personal access token in your Jira profile and paste it here.'
    : error.hint;
  return notThisToken({ sentence: error.message, hint, cause: error });
}

function notThisToken({
  sentence,
  hint,
  cause,
}: {
  sentence: string;
  hint?: string | undefined;
  cause?: unknown;
}) {
  return new InvalidError('jira_token_refused', 'Jira does not take this token.', {
    hint,
    fields: { jiraToken: sentence },
    cause,
  });
}

function notUsable(state: 'deleted' | 'inactive', name: string): InvalidError {
  return new InvalidError(`jira_user_${state}`, `Jira says that the account of ${name} is ${state}.`, {
    hint: `Ask your Jira administrator to ${state === 'deleted' ? 'restore' : 'activate'} it, then try again.`,
  });
}
