import { SvelteSet } from 'svelte/reactivity';

export type DraftSelection = ReturnType<typeof createDraftSelection>;

/** Which stories a person acts on. Every story is selected until it is taken out, so new ones are too. */
export function createDraftSelection() {
  const takenOut = new SvelteSet<string>();
  return {
    has: (draftId: string) => !takenOut.has(draftId),
    set(draftId: string, selected: boolean) {
      if (selected) takenOut.delete(draftId);
      else takenOut.add(draftId);
    },
  };
}
