/** Entries that stand in the page at first, and how many more each step back adds. */
export const entriesAtOnce = 60;

export type TimelineWindow<Entry> = ReturnType<typeof createTimelineWindow<Entry>>;

/**
 * The newest part of a timeline, so that a conversation of any length costs a page of bounded size. New entries push
 * the oldest out, until the reader asks for earlier ones: from then on nothing that was shown goes away again.
 */
export function createTimelineWindow<Entry>(entries: () => readonly Entry[]) {
  /** Where the window begins once somebody went back; null while it follows the end. */
  let heldFrom = $state<number | null>(null);

  const from = $derived(heldFrom ?? Math.max(0, entries().length - entriesAtOnce));
  const shown = $derived(from === 0 ? entries() : entries().slice(from));

  return {
    get shown() {
      return shown;
    },
    /** How many earlier entries are not in the page. */
    get earlier() {
      return from;
    },
    showEarlier() {
      heldFrom = Math.max(0, from - entriesAtOnce);
    },
    /** For whoever looks for one entry, wherever it stands. */
    showAll() {
      heldFrom = 0;
    },
  };
}
