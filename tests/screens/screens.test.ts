import type { Page } from '@playwright/test';
import { join } from 'node:path';
import { axeFindings } from '../e2e/support/axe.ts';
import { brokenStates } from '../e2e/support/broken-states.ts';
import { everyState, showStories, showTheme } from '../e2e/support/every-state.ts';
import { expect, test } from '../e2e/support/test.ts';

const FOLDER = '.test-output/screens';
const widths = [390, 820, 1440];
/** States that a narrow page shows on its second side. */
const aboutStories = /^(review|editing|created|rule-broken|set-aside|field-)/;

test.use({ viewport: { width: 1440, height: 900 } });
test.setTimeout(600_000);

test('A picture of every page and state, in both themes, at three widths', async ({ page, product }) => {
  for await (const state of everyState(page, product)) {
    await expectNoWidthToScroll(page, state);
    await picture(page, state);
  }
});

test('A picture of everything that does not work, in both themes, at three widths, in which axe finds nothing', async ({
  page,
  liveProduct,
}) => {
  for await (const state of brokenStates(page, liveProduct)) {
    expect.soft(await axeFindings(page), state).toEqual([]);
    await expectNoWidthToScroll(page, state);
    await picture(page, state);
  }
});

async function picture(page: Page, state: string): Promise<void> {
  for (const width of widths) {
    await page.setViewportSize({ width, height: 900 });
    if (aboutStories.test(state)) await showStories(page);
    for (const colorScheme of ['light', 'dark'] as const) {
      await showTheme(page, colorScheme);
      await page.screenshot({ path: join(FOLDER, `${state}-${width}-${colorScheme}.png`) });
    }
  }
}

/** At 320 pixels, as WCAG 1.4.10 asks: 1280 of them at 400%. */
async function expectNoWidthToScroll(page: Page, state: string): Promise<void> {
  const before = page.viewportSize();
  await page.setViewportSize({ width: 320, height: 900 });
  const scrolled = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  expect.soft(scrolled, `${state}, pixels wider than a window of 320`).toBeLessThanOrEqual(0);
  if (before) await page.setViewportSize(before);
}
