import type { SignedOutBecause } from './session-broadcast.ts';
import { dropUnsaved } from './unsaved-guard.svelte.ts';

/** Loads the sign-in page anew, so that nothing of the session stays in memory; it leads back here. */
export function leaveToSignIn(because: SignedOutBecause) {
  // What the page shows must go with its session: nothing may hold it up.
  dropUnsaved();
  const next = location.pathname + location.search;
  location.assign(`/sign-in?because=${because}&next=${encodeURIComponent(next)}`);
}
