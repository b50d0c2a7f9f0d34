import type { Page } from '@playwright/test';
import { join } from 'node:path';
import { brokenStates } from '../e2e/support/broken-states.ts';
import { everyState, showStories, showTheme } from '../e2e/support/every-state.ts';
import { test } from '../e2e/support/test.ts';

const FOLDER = '.test-output/screens';
const widths = [390, 820, 1440];
/** States that a narrow page shows on its second side. */
const aboutStories = /^(review|editing|created|rule-broken)/;

test.use({ viewport: { width: 1440, height: 900 } });
test.setTimeout(600_000);

test('A picture of every page and state, in both themes, at three widths', async ({ page, product }) => {
  for await (const state of everyState(page, product)) await picture(page, state);
});

test('A picture of everything that does not work, in both themes, at three widths', async ({
  page,
  liveProduct,
}) => {
  for await (const state of brokenStates(page, liveProduct)) await picture(page, state);
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
