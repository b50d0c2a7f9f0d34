import { join } from 'node:path';
import { everyState, showTheme } from '../e2e/support/every-state.ts';
import { expect, test } from '../e2e/support/test.ts';

/** States that docs/guide.md shows, and the names of their pictures. */
const pictures: Record<string, string> = {
  dashboard: 'dashboard',
  'creator-mentioning': 'mentioning',
  clarification: 'clarification',
  review: 'workspace',
  posting: 'posting',
  created: 'created',
  'import-plan': 'import',
  palette: 'palette',
};

test.use({ viewport: { width: 1440, height: 900 } });
test.setTimeout(600_000);

test('The pictures of the guide', async ({ page, product }) => {
  const wanted = new Set(Object.keys(pictures));
  for await (const state of everyState(page, product)) {
    if (!wanted.delete(state)) continue;
    await showTheme(page, 'light');
    await page.screenshot({ path: join('docs/images', `${pictures[state]}.png`) });
    if (wanted.size === 0) break;
  }
  expect([...wanted]).toEqual([]);
});
