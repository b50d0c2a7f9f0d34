import { expect, type Locator, type Page } from '@playwright/test';
import { password } from './support/accounts.ts';
import { test } from './support/test.ts';
import { invoiceExport, workspace } from './support/workspace.ts';

test('The main job needs no pointer', async ({ page, product }) => {
  // It presses Tab some hundred times, and looks where that led each time.
  test.slow();
  const alice = product.person('Alice Martin');
  const press = page.keyboard.press.bind(page.keyboard);
  const type = page.keyboard.insertText.bind(page.keyboard);
  const { questions, approve, created, message } = workspace(page);

  await page.goto(`${product.url}/register`);
  await tabTo(page, page.getByLabel('Jira personal access token'));
  await type(alice.jiraToken);
  await press('Enter');
  await tabTo(page, page.getByLabel('Password', { exact: true }));
  await type(password);
  await tabTo(page, page.getByLabel('The same password again'));
  await type(password);
  await press('Enter');
  await tabTo(page, page.getByLabel('Employee id, name or e-mail'));
  await press('Control+a');
  await type(alice.employeeId);
  await tabTo(page, page.getByLabel('Password', { exact: true }));
  await type(password);
  await press('Enter');

  await expect(page.getByRole('heading', { name: 'Dashboard' })).toBeVisible();
  await press('g');
  await press('c');
  const model = page.getByRole('region', { name: 'Language model' });
  await tabTo(page, model.getByRole('textbox', { name: 'Credential' }));
  await type(alice.llmCookie);
  await press('Enter');
  await expect(model.getByText('The test passed.')).toBeVisible();

  await press('Control+k');
  await expect(page.getByRole('dialog')).toBeVisible();
  await type('Issue Creator');
  await press('Enter');
  await tabTo(page, page.getByRole('textbox', { name: 'Requirement' }));
  await type(invoiceExport);
  await press('Enter');

  await expect(questions).toBeVisible();
  for (const group of await questions.getByRole('group', { name: 'Suggested answers' }).all()) {
    await tabTo(page, group.getByRole('button').first());
    await press('Space');
  }
  await tabTo(page, questions.getByRole('button', { name: 'Send the answers' }));
  await press('Enter');

  await expect(approve).toBeEnabled();
  await tabTo(page, page.getByRole('button', { name: 'Edit the summary' }).first());
  await press('Enter');
  await press('Control+a');
  await type('Take invoices home');
  await press('Enter');
  await expect(page.getByRole('heading', { name: 'Take invoices home' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Edit the summary' }).first()).toBeFocused();

  await expect(approve).toBeEnabled();
  await tabTo(page, approve);
  await press('Enter');
  const create = page.getByRole('button', { name: /^Create \d+ issues$/ });
  await tabTo(page, create);
  await press('Enter');
  await expect(created.first()).toBeVisible();
  await tabTo(page, message);
  // A source is pointed at by words of its name.
  await type('See @export inv');
  await expect(page.getByRole('option', { name: /DEMO-5/ })).toBeVisible();
  await press('Enter');
  await expect(message).toHaveValue(/^See DEMO-\d+ $/);
  await press('Control+a');
  await press('Delete');

  // What can be done here, found by its name.
  await choose('dark theme');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  const download = page.waitForEvent('download');
  await choose('export markdown');
  expect((await download).suggestedFilename()).toMatch(/[.]md$/);
  await choose('write a message');
  await expect(message).toBeFocused();
  // A conversation that speaks of it is found, too, but does not take the place of what is called so.
  const conversation = (await page.title()).split(' · ')[0] ?? '';
  await press('Control+k');
  await page.keyboard.type('with');
  await expect(page.getByRole('option', { name: conversation })).toBeVisible();
  // Both can be called with "switch theme".
  await expect(page.getByRole('dialog').getByRole('option').first()).toHaveText(/theme$/);
  await press('Control+a');
  await type('invoices');
  await expect(page.getByRole('option', { name: conversation })).toHaveAttribute('aria-selected', 'true');
  await press('Enter');
  await expect(page).toHaveURL(/\/creator\/.+/);
  await choose('sign out');
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
  // The server knows, too: not only this page has left.
  await page.goto(`${product.url}/dashboard`);
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();

  /** Opens the palette, types without a pause, as quick fingers do, and takes the first that is found. */
  async function choose(words: string) {
    await press('Control+k');
    await page.keyboard.type(words);
    await expect(page.getByRole('combobox', { name: 'Pages, conversations and actions' })).toHaveValue(words);
    await press('Enter');
    await expect(page.getByRole('dialog')).toBeHidden();
  }
});

/** Presses Tab until `target` has the focus, as somebody would who cannot point. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  await expect(target).toBeVisible();
  // Found once and not after each press: finding it by its role looks through the whole page.
  let element = await target.elementHandle();
  for (let presses = 0; presses < 150; presses += 1) {
    const standing = await element?.evaluate((found) =>
      found === document.activeElement ? 'reached' : found.isConnected ? 'elsewhere' : 'gone',
    );
    if (standing === 'reached') return;
    if (standing === 'gone') element = await target.elementHandle();
    else await page.keyboard.press('Tab');
  }
  throw new Error(`Tab does not reach ${String(target)}.`);
}
