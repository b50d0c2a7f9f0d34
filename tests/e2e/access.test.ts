import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { everyState, showTheme } from './support/every-state.ts';
import { expect, test } from './support/test.ts';

test.setTimeout(600_000);

/** All that a theme can change: it is colours and nothing else. */
const RULES_OF_COLOUR = ['color-contrast', 'link-in-text-block'];

test('axe finds nothing on any page, in any state, in either theme, and none scrolls its frame away', async ({
  page,
  product,
}) => {
  for await (const state of everyState(page, product)) await expectNothing(page, state);
});

async function expectNothing(page: Page, state: string): Promise<void> {
  expect.soft(await beyondTheWindow(page), `${state}, pixels that the frame scrolls`).toBe(0);
  await showTheme(page, 'light');
  expect.soft(await violations(axe(page)), `${state}, light`).toEqual([]);
  await showTheme(page, 'dark');
  const colours = axe(page).withRules(RULES_OF_COLOUR);
  expect.soft(await violations(colours), `${state}, dark`).toEqual([]);
}

function axe(page: Page): AxeBuilder {
  // No page of ours holds a frame; otherwise a second page would be opened for each look. What passed need not be
  // described: a path to each element of it would be half the work.
  return new AxeBuilder({ page })
    .options({ resultTypes: ['violations'] })
    .setLegacyMode()
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']);
}

/** Inside the frame each part scrolls by itself. Pages before signing in have no frame and may be long. */
async function beyondTheWindow(page: Page): Promise<number> {
  if ((await page.locator('#main').count()) === 0) return 0;
  return page.evaluate(() => document.documentElement.scrollHeight - globalThis.innerHeight);
}

async function violations(builder: AxeBuilder): Promise<string[]> {
  const found = await builder.analyze();
  return found.violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}
