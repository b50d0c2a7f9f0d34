/** A drag ends when the widths have rested for this long. */
const RESTED_AFTER_MS = 600;

/**
 * Turns paneforge's stream of layouts into one call once the widths rest. The first layout is only what the page came
 * with, so it is not kept.
 */
export function createLayoutKeeper(keep: (layout: number[]) => void): (layout: number[]) => void {
  let before: string | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;

  return (layout) => {
    const rounded = layout.map((size) => Math.round(size * 10) / 10);
    const told = rounded.join();
    if (before === null || before === told) {
      before = told;
      return;
    }
    before = told;
    clearTimeout(timer);
    timer = setTimeout(() => keep(rounded), RESTED_AFTER_MS);
  };
}
