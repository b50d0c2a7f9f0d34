import { invalidate, invalidateAll } from '$app/navigation';
import { navigating } from '$app/state';

/**
 * Takes the page's data anew, or of it only what depends on `part`. A navigation that is on its way comes to its end
 * first, whatever that is: SvelteKit would drop it, and the click of somebody who is quick would do nothing.
 */
export async function refreshPage(part?: `app:${string}`): Promise<void> {
  let ended: Promise<void> | null = null;
  // One that was broken off may be followed by another, or stay there although it is over.
  while (navigating.complete && navigating.complete !== ended) {
    ended = navigating.complete;
    await ended.catch(() => undefined);
  }
  await (part === undefined ? invalidateAll() : invalidate(part));
}
