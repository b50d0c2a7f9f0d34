import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { everyState, showTheme } from './support/every-state.ts';
import { expect, test } from './support/test.ts';

test.use({
  // Text that fades in has no contrast to speak of.
  contextOptions: { reducedMotion: 'reduce' },
});
test.setTimeout(600_000);

test('axe finds nothing on any page, in any state, in either theme', async ({ page, product }) => {
  for await (const state of everyState(page, product)) {
    for (const colorScheme of ['light', 'dark'] as const) {
      await showTheme(page, colorScheme);
      expect.soft(await violations(page), `${state}, ${colorScheme}`).toEqual([]);
    }
  }
});

async function violations(page: Page): Promise<string[]> {
  const found = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
    .analyze();
  return found.violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}
