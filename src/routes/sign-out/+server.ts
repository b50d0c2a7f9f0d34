import { redirect } from '@sveltejs/kit';
import type { RequestHandler } from './$types';

/** Ends the session. Signing out twice, or without a session, leads to the same page. */
export const POST: RequestHandler = async ({ locals }) => {
  if (locals.session) await locals.services.session.signOut(locals.session, locals.requestId);
  locals.setSession(null);
  redirect(303, '/sign-in?because=signed_out');
};
