import type { Page } from '@playwright/test';
import { alice } from '../../src/lib/sandbox/people.ts';
import { settleIn } from './support/accounts.ts';
import { expect, test } from './support/test.ts';
import { answerQuestions, approveAndCreate, reviewReady, workspace } from './support/workspace.ts';

test('A long paste is a source, one instruction changes several stories, and what may not be deleted is closed', async ({
  page,
  liveProduct: product,
}) => {
  await settleIn(page, product, alice);
  await page.goto(`${product.url}/creator`);
  await expect(page.locator('html[data-hydrated]')).toBeAttached();
  const { talk, stories } = workspace(page);

  const requirement = page.getByRole('textbox', { name: 'Requirement' });
  await requirement.fill('Customers can export invoices as PDF or CSV, as the notes say.');
  await paste(page, longNotes);
  await expect(page.getByText(`${longNotes.length.toLocaleString('en')} characters`)).toBeVisible();
  await expect(requirement).toHaveValue(/^Customers can/);
  await page.getByRole('button', { name: 'Start' }).click();
  await expect(talk.getByText('Pasted text · Notes of the meeting')).toBeVisible();
  await answerQuestions(page);
  await reviewReady(page);

  await page.getByRole('button', { name: 'Revise', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox').fill('Add a criterion: an empty export says so.');
  await dialog.getByRole('button', { name: 'Revise' }).click();
  await expect(talk.getByText(/^I changed \d stories/)).toBeVisible();
  await reviewReady(page);
  const changed = stories.getByText('An empty export says so.');
  const count = await stories.getByRole('checkbox').count();
  expect(count).toBeGreaterThan(1);
  await expect(changed).toHaveCount(count);

  const keys = await approveAndCreate(page);
  product.sandbox.faults.add({
    target: 'jira',
    match: { method: 'DELETE' },
    effect: { kind: 'reply', status: 403, body: '{"errorMessages":["Not permitted."],"errors":{}}' },
  });
  await page.getByRole('button', { name: 'Undo what it created' }).click();
  await dialog.getByRole('button', { name: 'Take back' }).click();
  await expect(talk.getByText(/closed/i).first()).toBeVisible();
  await page.goto(`${product.sandbox.jiraUrl}/browse/${keys[0]}`);
  await expect(page.getByText('Done', { exact: true })).toBeVisible();
});

const longNotes = [
  'Notes of the meeting',
  ...Array.from(
    { length: 120 },
    (_, index) => `Point ${index + 1}: an export of ${index + 2} invoices is one file.`,
  ),
].join('\n\n');

async function paste(page: Page, text: string): Promise<void> {
  await page.evaluate((pasted) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', pasted);
    const event = new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true });
    document.activeElement?.dispatchEvent(event);
  }, text);
}
