import { register, settleIn, signIn } from './support/accounts.ts';
import { expect, test } from './support/test.ts';

test('Rules are tried on a sample while they are typed, saved, and given back to the team default', async ({
  page,
  product,
}) => {
  await settleIn(page, product, product.person('Alice Martin'));
  await page.goto(`${product.url}/rules`);
  const rules = page.getByRole('region', { name: 'Rules', exact: true });
  const points = rules.getByLabel('Most story points');
  await expect(rules.getByText('points 5 of 3')).toBeVisible();
  await points.fill('8');
  await expect(rules.getByText('points 5 of 8')).toBeVisible();
  await points.fill('800');
  await expect(rules.getByText('Some values above cannot be used as they stand.')).toBeVisible();
  await points.fill('8');
  await rules.getByLabel('Banned words').fill('simply');
  await expect(rules.getByText('banned: simply')).toBeVisible();
  await rules.getByRole('button', { name: 'Save my rules' }).click();
  await expect(rules.getByText('Saved.')).toBeVisible();
  await expect(rules.getByText('2 of your own')).toBeVisible();

  await rules.getByRole('button', { name: 'Reset “Most story points” to the team default' }).click();
  await expect(rules.getByText('1 of your own')).toBeVisible();
  await expect(points).toHaveValue('3');
  await expect(rules.getByText('points 5 of 3')).toBeVisible();
  await expect(rules.getByLabel('Banned words')).toHaveValue('simply');
});

test.describe('Without JavaScript', () => {
  test.use({ javaScriptEnabled: false });

  test('Rules are tried on a sample and saved', async ({ page, product }) => {
    const alice = product.person('Alice Martin');
    await register(page, product, alice);
    await signIn(page, alice);
    await page.goto(`${product.url}/rules`);
    const rules = page.getByRole('region', { name: 'Rules', exact: true });
    await rules.getByLabel('Most story points').fill('8');
    await rules.getByRole('button', { name: 'Try on the sample' }).click();
    await expect(rules.getByText('points 5 of 8')).toBeVisible();
    await expect(rules.getByLabel('Most story points')).toHaveValue('8');
    await rules.getByRole('button', { name: 'Save my rules' }).click();
    await expect(rules.getByText('1 of your own')).toBeVisible();
  });
});
