import { password, register, signIn } from './support/accounts.ts';
import { expect, test } from './support/test.ts';

test('A wrong token and a wrong password are told in sentences, and nothing typed is lost', async ({
  page,
  product,
}) => {
  const alice = product.person('Alice Martin');
  await page.goto(`${product.url}/register`);
  await page.getByLabel('Jira personal access token').fill('not-a-token-at-all');
  await page.getByRole('button', { name: 'Continue' }).click();
  await expect(page.getByText('Jira did not accept the token.').first()).toBeVisible();

  await register(page, product, alice);
  await page.getByLabel('Employee id, name or e-mail').fill(alice.employeeId);
  await page.getByLabel('Password', { exact: true }).fill(`${password}-wrong`);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByText(/is not right/).first()).toBeVisible();
  await expect(page.getByLabel('Employee id, name or e-mail')).toHaveValue(alice.employeeId);
  await signIn(page, alice);
});

test('Somebody who has an account is led to sign in', async ({ page, product }) => {
  const omar = product.person('Omar Haddad');
  await register(page, product, omar);
  await page.goto(`${product.url}/register`);
  await page.getByRole('button', { name: 'Use this token: Omar Haddad' }).click();
  await expect(page.getByText(/already/i).first()).toBeVisible();
});
