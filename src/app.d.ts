import type { Problem } from '$lib/contracts/problem';

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
    }
  }
}
