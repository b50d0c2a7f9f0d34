import { beforeNavigate } from '$app/navigation';

/**
 * Asks before a page is left on which something typed would be lost: any form with `data-unsaved`. A form with
 * `data-guarded` gets that with the first change, until it is saved (see form-work.svelte.ts). What keeps its text by
 * itself, as the composer does, needs neither. Call it while a component is made.
 */
export function guardUnsaved(): void {
  $effect(() => {
    document.addEventListener('input', markUnsaved);
    return () => document.removeEventListener('input', markUnsaved);
  });
  beforeNavigate((navigation) => {
    if (!document.querySelector('[data-unsaved]')) return;
    const staysOnPage = navigation.to?.url.pathname === navigation.from?.url.pathname;
    if (staysOnPage && !navigation.willUnload) return;
    // Where the page itself goes, the browser asks in its own words.
    if (navigation.willUnload || !confirm(question)) navigation.cancel();
  });
}

function markUnsaved({ target }: Event): void {
  if (target instanceof Element) target.closest('form[data-guarded]')?.setAttribute('data-unsaved', '');
}

/** For a page that must be left, such as one whose session is over. */
export function dropUnsaved(): void {
  for (const form of document.querySelectorAll('[data-unsaved]')) form.removeAttribute('data-unsaved');
}

const question = 'You changed something that is not saved yet. Leave the page and lose the change?';
