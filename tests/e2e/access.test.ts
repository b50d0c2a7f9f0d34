import type { Page } from '@playwright/test';
import { axeFindings } from './support/axe.ts';
import { everyState } from './support/every-state.ts';
import { expect, test } from './support/test.ts';

test.setTimeout(600_000);

test('axe finds nothing on any page, in any state, in either theme, and none scrolls its frame away', async ({
  page,
  product,
}) => {
  for await (const state of everyState(page, product)) {
    expect.soft(await beyondTheWindow(page), `${state}, pixels that the frame scrolls`).toBe(0);
    expect.soft(await axeFindings(page), state).toEqual([]);
  }
});

/** Inside the frame each part scrolls by itself. Pages before signing in have no frame and may be long. */
async function beyondTheWindow(page: Page): Promise<number> {
  if ((await page.locator('#main').count()) === 0) return 0;
  return page.evaluate(() => document.documentElement.scrollHeight - globalThis.innerHeight);
}
