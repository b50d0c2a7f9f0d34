import { settleIn } from './support/accounts.ts';
import { expect, test } from './support/test.ts';
import {
  answerQuestions,
  describeRequirement,
  firstReadyStory,
  invoiceExport,
  reviewReady,
} from './support/workspace.ts';

test('A format of one’s own is written, offered, changed and deleted', async ({ page, product }) => {
  await settleIn(page, product, product.person('Alice Martin'));
  await page.goto(`${product.url}/rules`);
  const card = page.getByRole('region', { name: 'Your formats' });
  await card.getByText('Add a format').click();
  await card.getByLabel('Name').fill('Wards');
  await card.getByLabel('Kind').selectOption('custom');
  await card.getByLabel('Instructions').fill('Name the ward in each section.');
  await card.getByRole('button', { name: 'Add the format' }).click();
  await expect(card.getByText('A format of the kind “custom” needs its sections.')).toBeVisible();
  await card.getByLabel('Sections').fill('Ward\nNeed');
  await card.getByRole('button', { name: 'Add the format' }).click();
  await expect(card.getByRole('status')).toContainText('“Wards” is saved.');

  await page.goto(`${product.url}/creator`);
  await expect(page.getByLabel('Format').getByRole('option', { name: 'Wards' })).toBeAttached();

  await page.goto(`${product.url}/rules`);
  await card.getByText('Wards', { exact: true }).click();
  await card.getByRole('button', { name: 'Delete “Wards”' }).click();
  await expect(card.getByRole('status')).toContainText('The format is deleted.');
  await expect(card.getByText('Wards', { exact: true })).toHaveCount(0);
});

test('A version of a story is compared with the one before it and brought back', async ({
  page,
  product,
}) => {
  await settleIn(page, product, product.person('Alice Martin'));
  await describeRequirement(page, product, invoiceExport);
  await answerQuestions(page);
  await reviewReady(page);
  const card = await firstReadyStory(page);
  const summary = await card.getByRole('heading', { level: 3 }).first().textContent();
  await card.getByRole('button', { name: 'Edit the summary' }).click();
  const field = card.getByRole('textbox', { name: 'Summary' });
  await field.fill('x'.repeat(151));
  // The rule's limit, not what the field takes.
  await expect(card.getByText('151/150 characters')).toBeVisible();
  await expect(field).toHaveAttribute('aria-invalid', 'true');
  await field.fill('Hand out invoices as files');
  await expect(card.getByText('26/150 characters')).toBeVisible();
  await card.getByRole('button', { name: 'Save' }).click();
  await expect(card.getByText('Version 2, by you')).toBeVisible();

  await card.getByRole('button', { name: 'Edit the type, epic, points and labels' }).click();
  await card.getByLabel('Issue type').selectOption('Bug');
  await card.getByLabel('Story points').selectOption('1');
  await card.getByRole('textbox', { name: /^Labels/ }).fill('billing');
  await card.getByRole('button', { name: 'Save' }).click();
  await expect(card.getByText('Version 3, by you')).toBeVisible();
  for (const told of ['Bug', 'billing']) await expect(card.getByText(told, { exact: true })).toBeVisible();

  await card.getByRole('button', { name: /^Versions/ }).click();
  const dialog = page.getByRole('dialog', { name: 'Versions' });
  await expect(dialog.getByRole('insertion').first()).toBeVisible();
  await expect(dialog.getByRole('deletion').first()).toBeVisible();
  await dialog.getByRole('button', { name: 'Bring back version 1' }).click();
  await expect(dialog).toBeHidden();
  await expect(card.getByText('Version 4, by you')).toBeVisible();
  await expect(card.getByRole('heading', { level: 3 }).first()).toHaveText(summary ?? '');
});
