import { notify } from './toasts.svelte.ts';

/** Copies a text, and says so where the browser does not allow it: pages that come over plain HTTP have no clipboard. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    notify('The browser does not allow copying here. Select the text and copy it yourself.', {
      tone: 'info',
    });
    return false;
  }
}
