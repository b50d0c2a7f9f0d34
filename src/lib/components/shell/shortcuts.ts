import { type Destination } from './navigation.ts';

interface ShortcutGroup {
  title: string;
  shortcuts: readonly { keys: readonly string[]; does: string }[];
}

/** What `?` lists, for somebody who may go to these places; `commandKey` as the keyboard at hand calls it. */
export const shortcutGroups = (
  places: readonly Destination[],
  commandKey: string,
): readonly ShortcutGroup[] => [
  {
    title: 'Everywhere',
    shortcuts: [
      { keys: ['?'], does: 'Show this list' },
      { keys: [commandKey, 'K'], does: 'Find a page, a conversation or an action' },
      ...places.map(({ key, label }) => ({ keys: ['G', key.toUpperCase()], does: `Go to ${label}` })),
    ],
  },
  {
    title: 'In a conversation',
    shortcuts: [
      { keys: ['Enter'], does: 'Send' },
      { keys: ['Shift', 'Enter'], does: 'New line' },
      { keys: ['/'], does: 'Formats, prompts and sources' },
      { keys: ['@'], does: 'Pages and issues to point at' },
      { keys: ['Esc'], does: 'Close what is open' },
    ],
  },
  {
    title: 'In the list of conversations',
    shortcuts: [
      { keys: ['↑', '↓'], does: 'From one to the next' },
      { keys: ['F2'], does: 'Rename' },
      { keys: ['Delete'], does: 'Delete; it can be undone' },
    ],
  },
  {
    title: 'Sidebar and panes',
    shortcuts: [
      { keys: ['←', '→'], does: 'Resize, while the edge has the focus' },
      { keys: ['Home', 'End'], does: 'Narrowest and widest' },
    ],
  },
];

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
