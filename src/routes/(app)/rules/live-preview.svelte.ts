import { deserialize } from '$app/forms';

/** Longer than the pause between two keys, shorter than the patience of someone who watches. */
const PREVIEW_PAUSE_MS = 200;

/**
 * Asks an action of this page what it makes of a form as it is typed, and saves nothing. `told` gets the newest answer's
 * values, or null where what is typed cannot be used. Made while a component is made.
 */
export function createLivePreview(
  action: `?/${string}`,
  told: (answer: Record<string, unknown> | null) => void,
) {
  let pause: ReturnType<typeof setTimeout> | undefined;
  let newest = 0;

  async function ask(form: HTMLFormElement) {
    const turn = (newest += 1);
    try {
      const response = await fetch(action, {
        method: 'POST',
        body: new FormData(form),
        headers: { 'x-sveltekit-action': 'true' },
      });
      const result = deserialize(await response.text());
      if (turn !== newest) return;
      told(result.type === 'success' ? (result.data ?? {}) : null);
    } catch {
      // A preview that could not be fetched is no loss: the next key, or saving, asks again.
    }
  }
  $effect(() => () => clearTimeout(pause));

  return (event: Event & { currentTarget: HTMLFormElement }) => {
    const form = event.currentTarget;
    clearTimeout(pause);
    pause = setTimeout(() => void ask(form), PREVIEW_PAUSE_MS);
  };
}
