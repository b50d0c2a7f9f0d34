import type { Component } from 'svelte';
import LayoutDashboard from '@lucide/svelte/icons/layout-dashboard';
import ListChecks from '@lucide/svelte/icons/list-checks';
import Plug from '@lucide/svelte/icons/plug';
import ShieldCheck from '@lucide/svelte/icons/shield-check';
import Sparkles from '@lucide/svelte/icons/sparkles';
import Wrench from '@lucide/svelte/icons/wrench';

export interface Destination {
  href: string;
  label: string;
  icon: Component<{ size?: number; class?: string }>;
  /** The key that follows `g`. */
  key: string;
}

/** The rooms of the product, in the order of the rail. */
export const destinations: readonly Destination[] = [
  { href: '/dashboard', label: 'Dashboard', icon: LayoutDashboard, key: 'd' },
  { href: '/creator', label: 'Issue Creator', icon: Sparkles, key: 'i' },
  { href: '/rules', label: 'Rules & formats', icon: ListChecks, key: 'r' },
  { href: '/configurations', label: 'Configurations', icon: Plug, key: 'c' },
  { href: '/tools', label: 'Tools & jobs', icon: Wrench, key: 't' },
];

/** One room more for administrators; for the others it is not there. */
export const administration: Destination = {
  href: '/admin',
  label: 'Administration',
  icon: ShieldCheck,
  key: 'a',
};

/** The rooms of a person in that role. */
export function destinationsOf(role: 'user' | 'administrator' | undefined): readonly Destination[] {
  return role === 'administrator' ? [...destinations, administration] : destinations;
}

/** Whether a page at `path` belongs to the room at `href`. */
export function isWithin(path: string, href: string): boolean {
  return path === href || path.startsWith(`${href}/`);
}
