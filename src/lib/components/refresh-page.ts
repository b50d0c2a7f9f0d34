import { invalidateAll } from '$app/navigation';
import { navigating } from '$app/state';

/**
 * Takes the data of the page anew. A navigation that is on its way comes to its end first: SvelteKit would drop it, and
 * the click of somebody who is quick would do nothing.
 */
export async function refreshPage(): Promise<void> {
  await navigating.complete;
  await invalidateAll();
}
