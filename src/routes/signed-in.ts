import { redirect } from '@sveltejs/kit';
import { UnauthenticatedError } from '$lib/server/errors/app-error';
import type { Actor, LiveSession } from '$lib/server/services/services';
import { signInPage } from './next-page';

export interface SignedIn {
  session: LiveSession;
  actor: Actor;
}

/** For actions and endpoints: the session and its actor. Throws `session_missing`, so that a form keeps its text. */
export function signedIn({ session, actor }: App.Locals): SignedIn {
  if (session && actor) return { session, actor };
  throw new UnauthenticatedError('session_missing', 'You are signed out, so nothing was changed.', {
    hint: 'Sign in again in another tab, then come back: what you typed is still here.',
  });
}

/**
 * For pages: the same, or off to the sign-in page. Every load calls it, since SvelteKit runs the loads of a page and
 * of its layouts side by side.
 */
export function guardPage({ session, actor }: App.Locals, url: URL): SignedIn {
  if (session && actor) return { session, actor };
  redirect(303, signInPage(url));
}
