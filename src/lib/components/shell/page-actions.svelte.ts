import { createContext, type Component } from 'svelte';
import { SvelteSet } from 'svelte/reactivity';

/** One thing that can be done on the page as it is now. */
export interface PageAction {
  label: string;
  icon: Component<{ size?: number; class?: string }>;
  /** Other words by which somebody may look for it. */
  also?: readonly string[];
  run: () => void;
}

export type PageActions = ReturnType<typeof createPageActions>;

export const [usePageActions, providePageActions] = createContext<PageActions>();

/** What the parts of a page offer to the command palette, in the order in which the parts appeared. */
export function createPageActions() {
  const offers = new SvelteSet<() => readonly PageAction[]>();
  return {
    get all(): PageAction[] {
      return [...offers].flatMap((actions) => actions());
    },
    /** Offers them for as long as the component that is being made is on the page; asked for anew each time. */
    offer(actions: () => readonly PageAction[]): void {
      $effect(() => {
        offers.add(actions);
        return () => offers.delete(actions);
      });
    },
  };
}
