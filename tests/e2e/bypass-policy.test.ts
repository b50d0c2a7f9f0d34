import { register, signIn } from './support/accounts.ts';
import { expect, test } from './support/test.ts';

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });

  test('An administrator decides who may set a rule aside, and is told what does not work', async ({
    page,
    product,
  }) => {
    const ines = product.person('Ines Keller');
    await register(page, product, ines);
    await signIn(page, ines);
    await page.goto(`${product.url}/admin/rules`);
    const rule = page.getByRole('group', { name: 'Summary length' });
    await expect(rule.getByRole('textbox', { name: 'Employee ids' })).toBeHidden();

    await rule.getByLabel('Who may set it aside').selectOption('named');
    await rule.getByLabel('A reason is required').uncheck();
    await page.getByRole('button', { name: 'Save' }).click();
    await expect(rule.getByText('Name at least one person')).toBeVisible();
    await expect(rule.getByLabel('Who may set it aside')).toHaveValue('named');

    await rule.getByRole('textbox', { name: 'Employee ids' }).fill('E10421 E10388');
    await page.getByRole('button', { name: 'Save' }).click();
    await expect(page.getByText('Saved for one rule.')).toBeVisible();

    await page.goto(`${product.url}/admin/rules`);
    await expect(rule.getByRole('textbox', { name: 'Employee ids' })).toHaveValue('E10421, E10388');
    await expect(rule.getByLabel('A reason is required')).not.toBeChecked();
  });
});
