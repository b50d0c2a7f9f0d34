import type { Dialog, Page } from '@playwright/test';
import { settleIn } from './support/accounts.ts';
import { expect, test } from './support/test.ts';

const question = 'You changed something that is not saved yet. Leave the page and lose the change?';

test('The rules are changed where the requirement is written', async ({ page, product }) => {
  await settleIn(page, product, product.person('Alice Martin'));
  await page.goto(`${product.url}/creator`);
  const requirement = page.getByRole('textbox', { name: 'Requirement' });
  await requirement.fill('Half a thought');
  await page.getByRole('button', { name: 'Rules ≤ 3 points' }).click();
  const dialog = page.getByRole('dialog', { name: 'Rules' });
  const points = dialog.getByLabel('Most story points');
  await points.fill('800');
  await dialog.getByRole('button', { name: 'Save my rules' }).click();
  await expect(points).toBeFocused();
  await expect(points).toHaveAttribute('aria-invalid', 'true');
  await expect(points).toHaveValue('800');
  await points.fill('8');
  await dialog.getByRole('button', { name: 'Save my rules' }).click();
  await expect(dialog).toBeHidden();
  await page.getByRole('button', { name: 'Rules ≤ 8 points' }).click();
  await dialog.getByRole('button', { name: 'Reset “Most story points” to the team default' }).click();
  await expect(points).toHaveValue('3');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('button', { name: 'Rules ≤ 3 points' })).toBeVisible();
  await expect(requirement).toHaveValue('Half a thought');
});

test('What is typed is counted against its limit, and not lost by leaving', async ({ page, product }) => {
  await settleIn(page, product, product.person('Alice Martin'));
  await page.goto(`${product.url}/rules`);
  const card = page.getByRole('region', { name: 'Your formats' });
  const rules = page.getByRole('region', { name: 'Rules', exact: true });
  const toDashboard = page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Dashboard' });
  const asked: string[] = [];
  let answer: (dialog: Dialog) => Promise<void> = (dialog) => dialog.dismiss();
  page.on('dialog', (dialog) => {
    asked.push(`${dialog.type()}: ${dialog.message()}`);
    void answer(dialog);
  });

  await test.step('the count follows each key, tells a screen reader, and stops at the limit', async () => {
    await card.getByText('Add a format').click();
    const name = card.getByLabel('Name');
    await expect(card.getByText('0/60 characters')).toHaveCount(0);
    await name.pressSequentially('Ward');
    await expect(card.getByText('4/60 characters')).toBeVisible();
    await expect(name).toHaveAccessibleDescription('4/60 characters');
    await name.fill('w'.repeat(60));
    await name.press('End');
    await name.press('x');
    await expect(card.getByText('60/60 characters')).toBeVisible();
    await expect(name).toHaveValue('w'.repeat(60));
  });

  await test.step('leaving asks, and staying keeps what was typed', async () => {
    await toDashboard.click();
    await expect.poll(() => asked).toEqual([`confirm: ${question}`]);
    await expect(page).toHaveURL(/\/rules$/);
    await expect(card.getByLabel('Name')).toHaveValue('w'.repeat(60));
  });

  await test.step('so does closing or reloading the page, in the browser’s words', async () => {
    await page.evaluate(() => location.reload());
    await expect.poll(() => asked.at(-1)).toMatch(/^beforeunload/);
    await expect(card.getByLabel('Name')).toHaveValue('w'.repeat(60));
  });

  await test.step('what was saved is left without a question', async () => {
    asked.length = 0;
    await rules.getByLabel('Most story points').fill('8');
    await rules.getByRole('button', { name: 'Save my rules' }).click();
    await expect(rules.getByText('Saved.')).toBeVisible();
    answer = (dialog) => dialog.accept();
    await toDashboard.click();
    await expect(page).toHaveURL(/\/dashboard$/);
    expect(asked).toEqual([`confirm: ${question}`]);

    await page.goto(`${product.url}/rules`);
    await rules.getByLabel('Most story points').fill('5');
    await rules.getByRole('button', { name: 'Save my rules' }).click();
    await expect(rules.getByText('Saved.')).toBeVisible();
    await toDashboard.click();
    await expect(page).toHaveURL(/\/dashboard$/);
    expect(asked).toHaveLength(1);
  });
});

test('What is typed and chosen before the scripts run stays, and counts', async ({ page, product }) => {
  await settleIn(page, product, product.person('Alice Martin'));
  const release = await holdScripts(page);
  await page.goto(`${product.url}/rules`, { waitUntil: 'commit' });
  const rules = page.getByRole('region', { name: 'Rules', exact: true });
  const formats = page.getByRole('region', { name: 'Your formats' });
  await rules.getByLabel('Most story points').fill('8');
  await formats.getByText('Add a format').click();
  await formats.getByLabel('Kind').selectOption('custom');
  await expect(page.locator('form[data-unsaved]')).toHaveCount(0);

  release();

  await expect(rules.getByText('points 5 of 8')).toBeVisible();
  await expect(rules.getByLabel('Most story points')).toHaveValue('8');
  await expect(formats.getByLabel('Kind')).toHaveValue('custom');
  await expect(page.locator('form[data-unsaved]')).toHaveCount(2);
});

test('A button that is pressed before the scripts run does its work once they do', async ({
  page,
  product,
}) => {
  await settleIn(page, product, product.person('Alice Martin'));
  const release = await holdScripts(page);
  await page.goto(`${product.url}/creator`, { waitUntil: 'commit' });
  await page.getByRole('button', { name: 'Rules ≤ 3 points' }).click();

  release();

  await expect(page.getByRole('dialog', { name: 'Rules' }).getByLabel('Most story points')).toHaveValue('3');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
});

/** No script of the page arrives before what it returns is called. */
async function holdScripts(page: Page): Promise<() => void> {
  const held = Promise.withResolvers<void>();
  await page.route('**/_app/immutable/**/*.js', async (route) => {
    await held.promise;
    await route.continue();
  });
  return held.resolve;
}
