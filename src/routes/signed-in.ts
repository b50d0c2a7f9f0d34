import type { LiveSession, Actor } from '$lib/server/services/services';
import { UnauthenticatedError } from '$lib/server/errors/app-error';

/** The session and the actor of a request behind the guard. Throws `session_missing` where there is none. */
export function signedIn(locals: App.Locals): { session: LiveSession; actor: Actor } {
  const { session, actor } = locals;
  if (session && actor) return { session, actor };
  throw new UnauthenticatedError('session_missing', 'You are signed out.', {
    hint: 'Sign in again; nothing was lost.',
  });
}
