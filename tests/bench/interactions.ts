import type { Page } from '@playwright/test';
import { quantiles, type Quantiles } from './quantiles.ts';
import { slowDown } from './page-loads.ts';

export interface Interactions {
  slowedBy: number;
  /** From the input to the next paint, each interaction's longest event, in milliseconds. */
  toNextPaint: { p50: number; p75: number; p95: number; worst: number; count: number };
}

/** The browser tells of no event that was shorter, and rounds to eight. */
const SHORTEST_TOLD_MS = 16;
const sentence = 'Make the second one shorter, and name who may export.';

/**
 * What a person does in a long conversation: writes, opens menus, brings earlier messages in, moves with the keyboard.
 * Each interaction waits for its paint, so none waits for another.
 */
export async function measureInteractions(page: Page, slowedBy: number): Promise<Interactions> {
  await slowDown(page, slowedBy);
  await page.evaluate(listen, SHORTEST_TOLD_MS);
  let done = 0;
  const act = async (work: () => Promise<unknown>) => {
    await work();
    await page.evaluate(() => new Promise((painted) => requestAnimationFrame(() => setTimeout(painted))));
    done += 1;
  };

  const message = page.getByRole('textbox', { name: 'Message' });
  await act(() => message.click());
  for (const key of sentence) await act(() => page.keyboard.press(key === ' ' ? 'Space' : key));
  for (let round = 0; round < 3; round += 1) {
    await act(() => page.getByRole('button', { name: /^Show earlier/ }).click());
    await act(() => page.getByRole('button', { name: 'More for this conversation' }).click());
    // What opens is fetched when it is first asked for: keys that come before it would go elsewhere.
    await page.getByRole('menu').waitFor();
    await act(() => page.keyboard.press('ArrowDown'));
    await act(() => page.keyboard.press('Escape'));
    await page.getByRole('menu').waitFor({ state: 'hidden' });
    await act(() => page.keyboard.press('Control+k'));
    await page.getByRole('dialog').waitFor();
    await act(() => page.keyboard.press('e'));
    await act(() => page.keyboard.press('Escape'));
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await act(() => message.click());
    for (const key of 'and shorter') await act(() => page.keyboard.press(key === ' ' ? 'Space' : key));
  }
  const told = await page.evaluate(() => [...(globalThis as unknown as Listening).longest.values()]);
  const all = [...told, ...Array<number>(Math.max(0, done - told.length)).fill(SHORTEST_TOLD_MS)];
  const { p50, p95, count }: Quantiles = quantiles(all);
  const sorted = all.toSorted((a, b) => a - b);
  const p75 = sorted[Math.ceil(0.75 * sorted.length) - 1] ?? NaN;
  return { slowedBy, toNextPaint: { p50, p75, p95, worst: sorted.at(-1) ?? NaN, count } };
}

interface Listening {
  /** The longest event of each interaction, by the browser's number for it. */
  longest: Map<number, number>;
}

/** Runs in the page, so it may use nothing from outside. */
function listen(shortestMs: number): void {
  const longest = new Map<number, number>();
  (globalThis as unknown as Listening).longest = longest;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries() as (PerformanceEntry & { interactionId: number })[]) {
      if (entry.interactionId === 0) continue;
      longest.set(entry.interactionId, Math.max(entry.duration, longest.get(entry.interactionId) ?? 0));
    }
  }).observe({ type: 'event', durationThreshold: shortestMs } as PerformanceObserverInit);
}
