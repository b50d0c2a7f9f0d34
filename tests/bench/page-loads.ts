import type { Browser, BrowserContext, Page } from '@playwright/test';
import { quantiles, type Quantiles } from './quantiles.ts';

export interface PageLoads {
  name: string;
  /** How many times slower than it is the processor was made for the page. */
  slowedBy: number;
  /** Of each load, in milliseconds from the start of the navigation. */
  largestPaint: Quantiles;
  /** The worst load; without a unit, as the browser counts it. */
  worstShift: number;
}

interface Loading {
  name: string;
  url: string;
  loads: number;
  slowedBy: number;
  /** Cookies of whoever is signed in. */
  state: Awaited<ReturnType<BrowserContext['storageState']>>;
}

/** Loads a page as a browser does that has never seen it: empty cache, slow processor, the network as it is. */
export async function measureLoads(
  browser: Browser,
  { name, url, loads, slowedBy, state }: Loading,
): Promise<PageLoads> {
  const paints: number[] = [];
  const shifts: number[] = [];
  for (let load = 0; load < loads; load += 1) {
    const context = await browser.newContext({ storageState: state, viewport: { width: 1440, height: 900 } });
    const page = await context.newPage();
    await slowDown(page, slowedBy);
    await page.goto(url);
    await page.waitForLoadState('networkidle');
    const { paintMs, shift } = await page.evaluate(paintAndShift);
    paints.push(paintMs);
    shifts.push(shift);
    await context.close();
  }
  return { name, slowedBy, largestPaint: quantiles(paints), worstShift: Math.max(...shifts) };
}

export async function slowDown(page: Page, rate: number): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate });
}

/** Runs in the page, so it may use nothing from outside. */
function paintAndShift(): Promise<{ paintMs: number; shift: number }> {
  const told = (type: string) =>
    new Promise<PerformanceEntry[]>((resolve) => {
      new PerformanceObserver((list) => resolve(list.getEntries())).observe({ type, buffered: true });
      // Where nothing of it happened, nothing is told.
      setTimeout(() => resolve([]), 1_000);
    });
  return Promise.all([told('largest-contentful-paint'), told('layout-shift')]).then(([paints, shifts]) => ({
    paintMs: paints.at(-1)?.startTime ?? NaN,
    shift: (shifts as (PerformanceEntry & { value: number; hadRecentInput: boolean })[]).reduce(
      (sum, { value, hadRecentInput }) => sum + (hadRecentInput ? 0 : value),
      0,
    ),
  }));
}
