import type { Preference, PreferenceKey } from '$lib/contracts/preferences';
import { notifyProblem } from '$lib/components/ui/toasts.svelte';

/** Keeps a preference on the server. The page has changed already; a failure is told and costs nothing else. */
export async function keepPreference<K extends PreferenceKey>(key: K, value: Preference<K>): Promise<void> {
  const answer = await fetch('/api/preferences', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ key, value }),
  }).catch(() => null);
  if (answer?.ok) return;
  notifyProblem({
    message: 'This setting could not be kept.',
    hint: 'It holds until you reload the page. Change it again in a moment to keep it.',
  });
}
