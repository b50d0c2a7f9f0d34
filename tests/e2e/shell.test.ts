import type { Page } from '@playwright/test';
import { railWidthPx } from '../../src/lib/contracts/plain-values.ts';
import { settleIn } from './support/accounts.ts';
import { expect, test } from './support/test.ts';

test('The sidebar keeps the width and the pin that a person gave it, in every browser of theirs', async ({
  page,
  product,
  browser,
}) => {
  await settleIn(page, product, product.person('Alice Martin'));
  await page.goto(`${product.url}/dashboard`);
  const edge = page.getByRole('separator', { name: 'Width of the sidebar' });

  await test.step('by keyboard, down to the narrowest', async () => {
    // Before the scripts run no key is heard.
    await expect(page.locator('html[data-hydrated]')).toBeAttached();
    await edge.focus();
    await kept(page, () => page.keyboard.press('ArrowRight'));
    await expect(edge).toHaveAttribute('aria-valuenow', String(railWidthPx.initial + 16));
    await kept(page, () => page.keyboard.press('Home'));
    await kept(page, () => page.keyboard.press('ArrowLeft'));
    await expect(edge).toHaveAttribute('aria-valuenow', String(railWidthPx.min));
  });

  await test.step('by pointer', async () => {
    const box = await edge.boundingBox();
    if (!box) throw new Error('The edge is not there.');
    await page.mouse.move(box.x + box.width / 2, 300);
    await page.mouse.down();
    await page.mouse.move(280, 300, { steps: 4 });
    await kept(page, () => page.mouse.up());
    await expect(edge).toHaveAttribute('aria-valuenow', '280');
  });

  await test.step('and again after a reload, and elsewhere', async () => {
    await page.reload();
    await expect(edge).toHaveAttribute('aria-valuenow', '280');
    const elsewhere = await browser.newContext({ storageState: await page.context().storageState() });
    const other = await elsewhere.newPage();
    await other.goto(`${product.url}/tools`);
    await expect(other.getByRole('separator', { name: 'Width of the sidebar' })).toHaveAttribute(
      'aria-valuenow',
      '280',
    );
    await elsewhere.close();
  });

  await test.step('unpinned it hides, and shows while it is pointed at or has the focus', async () => {
    const pin = page.getByRole('button', { name: 'Keep the sidebar open' });
    await kept(page, () => pin.click());
    await page.mouse.move(900, 400);
    await page.getByRole('heading', { level: 1 }).click();
    await expect(pin).toBeHidden();
    await page.mouse.move(20, 300);
    await expect(pin).toBeVisible();
    await page.mouse.move(900, 400);
    await expect(pin).toBeHidden();
    await page.reload();
    await expect(pin).toBeHidden();
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Dashboard' }).focus();
    await expect(pin).toHaveAttribute('aria-pressed', 'false');
    await kept(page, () => pin.click());
    await expect(edge).toBeVisible();
  });
});

test('What was given up before it was there does not open', async ({ page, product }) => {
  await settleIn(page, product, product.person('Alice Martin'));
  await page.goto(`${product.url}/dashboard`);
  const dialog = page.getByRole('dialog');
  // Once keys are heard, all that is fetched is fetched for a key.
  await expect(async () => {
    await page.keyboard.press('?');
    await expect(dialog).toBeVisible({ timeout: 1_000 });
  }).toPass();
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  const deliver = await holdWhatIsFetched(page);
  const asked = page.waitForRequest(FETCHED_PARTS);
  await page.keyboard.press('Control+k');
  await asked;
  await page.keyboard.press('Escape');
  const loaded = page.waitForLoadState('networkidle');
  deliver();
  await loaded;
  await page.getByRole('link', { name: 'Start a conversation' }).click();
  await expect(page.getByRole('heading', { name: 'What should become possible?' })).toBeVisible();
  await expect(dialog).toHaveCount(0);

  await page.keyboard.press('Control+k');
  await expect(dialog).toBeVisible();
});

test('What is typed while the palette is fetched waits for it, and is not sent as a message', async ({
  page,
  product,
}) => {
  await settleIn(page, product, product.person('Alice Martin'));
  await page.goto(`${product.url}/creator`);
  await expect(page.locator('html[data-hydrated]')).toBeAttached();
  const requirement = page.getByRole('textbox', { name: 'Requirement' });
  await requirement.fill('Half a thought');
  const deliver = await holdWhatIsFetched(page);
  await page.keyboard.press('Control+k');
  await page.keyboard.type('profilf');
  await page.keyboard.press('Backspace');
  await page.keyboard.type('e');
  await page.keyboard.press('Enter');
  await expect(requirement).toHaveValue('Half a thought');
  deliver();
  const palette = page.getByRole('combobox', { name: 'Pages, conversations and actions' });
  await expect(palette).toHaveValue('profile');
  await expect(palette).toBeFocused();
  await expect(page.getByRole('dialog').getByRole('option').first()).toHaveText('Profile');
  await page.keyboard.press('Escape');
  await expect(requirement).toBeFocused();

  // Given up while it is fetched, the letters are the page's again at once.
  await page.reload();
  await expect(page.locator('html[data-hydrated]')).toBeAttached();
  const deliverLater = await holdWhatIsFetched(page);
  await requirement.focus();
  await page.keyboard.press('Control+k');
  await page.keyboard.press('Escape');
  await page.keyboard.press('End');
  await page.keyboard.type(' more');
  await expect(requirement).toHaveValue(/ more$/);
  deliverLater();
});

const FETCHED_PARTS = '**/_app/immutable/**';

/** Parts of the page that are fetched from now on arrive once the returned function is called. */
async function holdWhatIsFetched(page: Page): Promise<() => void> {
  const held = Promise.withResolvers<void>();
  await page.route(FETCHED_PARTS, async (route) => {
    await held.promise;
    await route.continue();
  });
  return () => held.resolve();
}

/** Does it, and waits until the server has kept it. */
async function kept(page: Page, change: () => Promise<unknown>): Promise<void> {
  const answer = page.waitForResponse((response) => response.url().endsWith('/api/preferences'));
  await change();
  expect((await answer).ok()).toBe(true);
}
