import Keyboard from '@lucide/svelte/icons/keyboard';
import Lightbulb from '@lucide/svelte/icons/lightbulb';
import LogOut from '@lucide/svelte/icons/log-out';
import Monitor from '@lucide/svelte/icons/monitor';
import Moon from '@lucide/svelte/icons/moon';
import PanelLeft from '@lucide/svelte/icons/panel-left';
import Plus from '@lucide/svelte/icons/plus';
import Sun from '@lucide/svelte/icons/sun';
import { theme } from '$lib/components/ui/theme.svelte';
import type { PageAction } from './page-actions.svelte.ts';
import { signOut } from './sign-out.ts';

export interface EverydayWays {
  go: (href: string) => void;
  showShortcuts: () => void;
  /** Brings the hints of practice mode back; there is none outside it. */
  showHints?: (() => void) | undefined;
  rail: { pinned: boolean; toggle: () => void };
}

/** What the palette offers on every page. A theme that is in force already is not among them. */
export function everydayActions({ go, showShortcuts, showHints, rail }: EverydayWays): PageAction[] {
  const themes = [
    { value: 'light', label: 'Use the light theme', icon: Sun },
    { value: 'dark', label: 'Use the dark theme', icon: Moon },
    { value: 'system', label: 'Use the system’s theme', icon: Monitor },
  ] as const;
  return [
    {
      label: 'New conversation',
      icon: Plus,
      also: ['requirement', 'story', 'create'],
      run: () => go('/creator'),
    },
    ...themes
      .filter(({ value }) => value !== theme.chosen)
      .map(({ value, label, icon }) => ({
        label,
        icon,
        also: ['switch theme', 'appearance'],
        run: () => theme.choose(value),
      })),
    {
      label: rail.pinned ? 'Hide the sidebar' : 'Keep the sidebar open',
      icon: PanelLeft,
      also: ['pin', 'unpin', 'navigation'],
      run: rail.toggle,
    },
    { label: 'Keyboard shortcuts', icon: Keyboard, also: ['help', 'keys'], run: showShortcuts },
    ...(showHints
      ? [{ label: 'Show the practice hints again', icon: Lightbulb, also: ['help', 'guide'], run: showHints }]
      : []),
    { label: 'Log out', icon: LogOut, also: ['sign out', 'leave'], run: signOut },
  ];
}
