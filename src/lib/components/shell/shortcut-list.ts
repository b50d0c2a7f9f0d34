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
