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

/**
 * Somebody who is signed in and has tested everything: where most stories begin. The forms are sent without being drawn;
 * main-job, signing-in and access fill them in as a person does.
 */
export async function settleIn(
  page: Page,
  { url }: Pick<Product, 'url'>,
  person: Pick<PracticePerson, 'employeeId' | 'jiraToken' | 'confluenceToken' | 'llmCookie'>,
): Promise<void> {
  const { jiraToken, employeeId } = person;
  await send('/register', { jiraToken });
  await send('/register/person?/complete', { password, passwordAgain: password });
  await send('/sign-in', { login: employeeId, password });
  for (const [kind, secret] of [
    ['confluence', person.confluenceToken],
    ['llm', person.llmCookie],
  ] as const)
    await send('/configurations?/save', { kind, secret, verifyTls: 'on', then: 'test' });
  const settled = await page.request.get(`${url}/configurations`);
  expect((await settled.text()).match(/The test passed\./g), 'tests of the connections').toHaveLength(3);

  async function send(path: string, form: Record<string, string>): Promise<void> {
    const answer = await page.request.post(url + path, {
      form,
      headers: { origin: url, 'x-sveltekit-action': 'true' },
    });
    const { type } = (await answer.json()) as { type: string };
    expect(['success', 'redirect'], `${path}: ${await answer.text()}`).toContain(type);
  }
}
