import { type Destination } from './navigation.ts';

const SECOND_KEY_WITHIN_MS = 1_500;

interface ShortcutActions {
  /** Where `g` and a letter may lead. */
  places: () => readonly Destination[];
  showList: () => void;
  openPalette: () => void;
  /** Called when its keys may be about to be pressed, so that what is typed next finds it open. */
  fetchPalette: () => unknown;
  goTo: (href: string) => void;
}

/** The handler of a window's `keydown` events. Keeps out of the way of typing and of open dialogs. */
export function createShortcutHandler({
  places,
  showList,
  openPalette,
  fetchPalette,
  goTo,
}: ShortcutActions) {
  let awaitsPlaceUntil = 0;

  return (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.isComposing) return;
    if ((event.key === 'Control' || event.key === 'Meta') && !event.repeat) fetchPalette();
    if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === 'k') {
      event.preventDefault();
      openPalette();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || isBusyWith(event.target)) return;
    if (event.key === '?') return showList();
    const place = event.timeStamp < awaitsPlaceUntil && places().find(({ key }) => key === event.key);
    awaitsPlaceUntil = event.key === 'g' ? event.timeStamp + SECOND_KEY_WITHIN_MS : 0;
    if (place) goTo(place.href);
  };
}

function isBusyWith(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return (
    target.isContentEditable ||
    target.closest('input, textarea, select, [role="dialog"], [role="menu"]') !== null
  );
}
