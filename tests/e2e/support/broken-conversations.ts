import { expect, type Page } from '@playwright/test';
import type { FaultEffect } from '../../../src/lib/sandbox/faults.ts';
import { failCreate } from '../../support/jira-truth.ts';
import type { LiveProduct } from '../../support/live-product.ts';
import {
  answerQuestions,
  describeRequirement,
  firstReadyStory,
  invoiceExport,
  reviewReady,
  workspace,
} from './workspace.ts';

export async function* modelFailing(page: Page, product: LiveProduct): AsyncGenerator<string> {
  const { talk } = workspace(page);
  const faults = product.sandbox.faults;
  const failures: [state: string, effect: FaultEffect][] = [
    ['model-down', { kind: 'reply', status: 503 }],
    ['model-limits', { kind: 'reply', status: 429, headers: { 'retry-after': '3600' } }],
    ['model-refuses', { kind: 'reply', status: 401, body: '{"error":{"message":"expired"}}' }],
  ];
  for (const [state, effect] of failures) {
    faults.add({ target: 'llm', effect });
    await describeRequirement(page, product, invoiceExport);
    await expect(talk.getByRole('button', { name: 'Continue' })).toBeVisible();
    yield state;
    faults.clear();
  }
  faults.add({ target: 'llm', effect: { kind: 'delay', ms: 60_000 } });
  await describeRequirement(page, product, invoiceExport);
  await expect(talk.getByText(/\d s$/).first()).toBeVisible();
  await workspace(page).message.fill('Also as a spreadsheet.');
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  await expect(talk.getByText('Waits until the agent is done')).toBeVisible();
  yield 'model-slow';
  faults.clear();
  // What waits would be taken up as soon as the other is stopped.
  await page.getByRole('button', { name: /^Withdraw/ }).click();
  await page.getByRole('button', { name: 'Stop' }).click();
  await expect(talk.getByText('You stopped it.')).toBeVisible();
  yield 'stopped';
}

export async function* creationFailing(page: Page, product: LiveProduct): AsyncGenerator<string> {
  const { stories, approve } = workspace(page);
  const { sandbox } = product;
  await describeRequirement(page, product, invoiceExport);
  await answerQuestions(page);
  await reviewReady(page);
  const card = await firstReadyStory(page);
  await card.getByRole('button', { name: 'Edit the summary' }).click();
  await card.getByRole('textbox', { name: 'Summary' }).fill('Hand out invoices as files. '.repeat(8));
  yield 'editing-too-long';
  await card.getByRole('button', { name: 'Save' }).click();
  await expect(card.getByText('Version 2, by you')).toBeVisible();
  yield 'rule-broken';
  await card.getByRole('button', { name: /^Versions/ }).click();
  await expect(page.getByRole('dialog').getByRole('insertion').first()).toBeVisible();
  yield 'versions';
  await page.keyboard.press('Escape');

  failCreate(sandbox, {
    kind: 'reply',
    status: 400,
    body: JSON.stringify({ errors: { summary: 'The summary must not name a file format.' } }),
  });
  failCreate(sandbox, { kind: 'drop-before' });
  await approve.click();
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /^Create/ })
    .click();
  const unknown = stories.getByText('It is not known whether Jira created this issue.');
  await expect(unknown.first()).toBeVisible();
  await expect(stories.getByRole('button', { name: 'Retry' })).toBeVisible();
  await stories.getByRole('button', { name: 'Enter key' }).click();
  await stories.getByLabel('Key of the issue').fill('nonsense');
  await stories.getByRole('button', { name: 'Use it' }).click();
  yield 'created-in-part';
  await stories.getByRole('button', { name: 'Create anyway' }).click();
  await expect(page.getByRole('dialog')).toBeVisible();
  yield 'creating-anyway';
  await page.keyboard.press('Escape');
  await page.goto(`${product.url}/dashboard`);
  yield 'dashboard-unknown-outcome';
  await page.goBack();
  await page.getByRole('button', { name: 'Undo what it created' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Take back' }).click();
  await expect(page.getByRole('list', { name: 'What became of the created issues' })).toBeVisible();
  yield 'undone';
}

/** Ines is an administrator, and so may set rules aside. */
export async function* rulesSetAside(page: Page, product: LiveProduct): AsyncGenerator<string> {
  await describeRequirement(page, product, invoiceExport);
  await answerQuestions(page);
  await reviewReady(page);
  const card = await firstReadyStory(page);
  await card.getByRole('button', { name: 'Edit the summary' }).click();
  await card.getByRole('textbox', { name: 'Summary' }).fill('Hand out invoices as files. '.repeat(8));
  await card.getByRole('button', { name: 'Save' }).click();
  await card.getByRole('button', { name: 'Set a rule aside' }).click();
  const dialog = page.getByRole('dialog', { name: 'Set a rule aside' });
  await dialog.getByLabel('Reason').fill('The client’s own words.');
  yield 'setting-aside';
  await dialog.getByRole('button', { name: 'Set aside' }).click();
  await expect(dialog).toBeHidden();
  await card
    .getByText(/set aside/)
    .first()
    .scrollIntoViewIfNeeded();
  yield 'set-aside';
}

/** This project asks for a field that nothing fills in by itself, and remembers what it was given. */
export async function* requiredFields(page: Page, product: LiveProduct): AsyncGenerator<string> {
  const { stories } = workspace(page);
  await describeRequirement(page, product, invoiceExport, { project: 'OPS' });
  await answerQuestions(page);
  const field = stories.getByRole('combobox', { name: 'Risk class' }).first();
  await field.scrollIntoViewIfNeeded();
  yield 'field-missing';
  await field.selectOption({ index: 1 });
  await stories.getByRole('button', { name: 'Save' }).first().click();
  const filled = stories.getByText(/^Filled as last time/).first();
  await filled.click();
  yield 'field-filled';
}
