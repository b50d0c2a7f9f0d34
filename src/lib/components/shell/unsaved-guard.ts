import { beforeNavigate } from '$app/navigation';

/**
 * Asks before a page is left on which something typed would be lost: any form that says so with `data-unsaved`. What
 * keeps its text by itself, as the composer does, does not say so. Call it while a component is made.
 */
export function guardUnsaved(): void {
  beforeNavigate((navigation) => {
    if (!document.querySelector('[data-unsaved]')) return;
    const staysOnPage = navigation.to?.url.pathname === navigation.from?.url.pathname;
    if (staysOnPage && !navigation.willUnload) return;
    // Where the page itself goes, the browser asks in its own words.
    if (navigation.willUnload || !confirm(question)) navigation.cancel();
  });
}

/** For a page that must be left, such as one whose session is over. */
export function dropUnsaved(): void {
  for (const form of document.querySelectorAll('[data-unsaved]')) form.removeAttribute('data-unsaved');
}

const question = 'You changed something that is not saved yet. Leave the page and lose the change?';
