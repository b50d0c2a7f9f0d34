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
    interface Locals {
      /** Sent back as `X-Request-ID`, and on every call that the request causes. */
      requestId: string;
      /** Where an unauthenticated request comes from. */
      address: string;
      session: LiveSession | null;
      /** Present exactly when there is a session. */
      actor: Actor | null;
      /** Who called with a personal key; only endpoints that take keys look. */
      keyHolder: Actor | null;
      services: Services;
      /** Sets or, with null, clears the session cookie of this browser. */
      setSession(cookie: SessionCookie | null): void;
    }
  }
}
