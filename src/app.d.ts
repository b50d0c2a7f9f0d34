import type { Problem } from '$lib/contracts/problem';
import type { Actor, LiveSession, Services, SessionCookie } from '$lib/server/services/services';

declare global {
  namespace App {
    /** What an error page receives; `handleError` makes it, with nothing in it that a user may not see. */
    interface Error {
      message: string;
      code?: Problem['code'];
      hint?: string | undefined;
      requestId?: string | undefined;
    }
    /** Set by hooks.server.ts for every request. */
    interface Locals {
      /** Sent back as `X-Request-ID`, and on every call that the request causes. */
      requestId: string;
      /** Null for whoever is not signed in; the guard of the `(app)` pages sends them to the sign-in page. */
      session: LiveSession | null;
      actor: Actor | null;
      services: Services;
      /** Sets the session cookie, or removes it. */
      setSession(cookie: SessionCookie | null): void;
    }
  }
}
