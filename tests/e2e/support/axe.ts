import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { showTheme } from './every-state.ts';

/** All that a theme can change: it is colours and nothing else. */
const RULES_OF_COLOUR = ['color-contrast', 'link-in-text-block'];

/** What axe finds on the page as it stands, in either theme: the theme and the rule with each element. */
export async function axeFindings(page: Page): Promise<string[]> {
  await showTheme(page, 'light');
  const light = await violations(axe(page));
  await showTheme(page, 'dark');
  const dark = await violations(axe(page).withRules(RULES_OF_COLOUR));
  return [...light.map((found) => `light, ${found}`), ...dark.map((found) => `dark, ${found}`)];
}

function axe(page: Page): AxeBuilder {
  // No page of ours holds a frame; otherwise a second page would be opened for each look. What passed need not be
  // described: a path to each element of it would be half the work.
  return new AxeBuilder({ page })
    .options({ resultTypes: ['violations'] })
    .setLegacyMode()
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']);
}

async function violations(builder: AxeBuilder): Promise<string[]> {
  const found = await builder.analyze();
  return found.violations
    .flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`))
    .filter((told) => !isFloating(told));
}

/** A menu stands over the page and belongs to its button; a landmark around it would be one more stop on every way. */
function isFloating(told: string): boolean {
  return told.startsWith('region: ') && told.includes('data-bits-floating-c');
}
