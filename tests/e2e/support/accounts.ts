import { expect, type Page } from '@playwright/test';
import type { PracticePerson, Product } from './product.ts';

export const password = 'Correct-horse-9';

/** From the token to the sign-in page, as a newcomer does it. */
export async function register(
  page: Page,
  { url }: Pick<Product, 'url'>,
  person: Pick<PracticePerson, 'jiraToken' | 'name'>,
): Promise<void> {
  await page.goto(`${url}/register`);
  await page.getByLabel('Jira personal access token').fill(person.jiraToken);
  await page.getByRole('button', { name: 'Continue' }).click();
  await expect(page.getByRole('heading', { name: 'Is this you?' })).toBeVisible();
  await expect(page.getByText(person.name, { exact: true })).toBeVisible();
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByLabel('The same password again').fill(password);
  await page.getByRole('button', { name: 'Create my account' }).click();
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
}

/** Fills in the sign-in page that is open, and waits until it has been left. */
export async function signIn(page: Page, person: Pick<PracticePerson, 'employeeId'>): Promise<void> {
  await page.getByLabel('Employee id, name or e-mail').fill(person.employeeId);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL((address) => !address.pathname.startsWith('/sign-in'));
}

/** Stores and tests one connection with the credential that practice mode offers. */
export async function testConnection(page: Page, name: 'Confluence' | 'Language model'): Promise<void> {
  const card = page.getByRole('region', { name });
  await card.getByRole('button', { name: 'Fill it in' }).click();
  await card.getByRole('button', { name: 'Save and test' }).click();
  await expect(card.getByText('The test passed.')).toBeVisible();
}

/** Somebody who is signed in and has tested everything: where most stories begin. */
export async function settleIn(page: Page, product: Product, person: PracticePerson): Promise<void> {
  await register(page, product, person);
  await signIn(page, person);
  await page.goto(`${product.url}/configurations`);
  await testConnection(page, 'Confluence');
  await testConnection(page, 'Language model');
}
