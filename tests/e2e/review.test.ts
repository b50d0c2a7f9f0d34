import { alice } from '../../src/lib/sandbox/people.ts';
import { settleIn } from './support/accounts.ts';
import { expect, test } from './support/test.ts';
import {
  answerQuestions,
  approveAndCreate,
  describeRequirement,
  firstReadyStory,
  invoiceExport,
  reviewReady,
  workspace,
} from './support/workspace.ts';

const smallRequirement = 'Members can change their own display name, at most once a day.';

test('An edited line is what gets posted, and survives a change by instruction', async ({
  page,
  product,
}) => {
  await settleIn(page, product, product.person('Alice Martin'));
  await describeRequirement(page, product, invoiceExport);
  await answerQuestions(page);
  await reviewReady(page);
  const card = await firstReadyStory(page);

  await card.getByRole('button', { name: 'Edit the summary' }).click();
  await card.getByRole('textbox', { name: 'Summary' }).fill('Hand out invoices as files');
  await card.getByRole('button', { name: 'Save' }).click();
  await expect(card.getByText('Version 2, by you')).toBeVisible();
  await card.getByRole('button', { name: 'What will be posted' }).click();
  await expect(page.getByRole('dialog')).toContainText('Hand out invoices as files');
  await page.keyboard.press('Escape');

  await reviewReady(page);
  await workspace(page).message.fill('Add a criterion: an export without any invoice says so.');
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  await expect(page.getByText(/I changed/).first()).toBeVisible();
  await reviewReady(page);
  await expect(page.getByRole('heading', { name: 'Hand out invoices as files' })).toBeVisible();
  await expect(
    workspace(page)
      .stories.getByText(/without any invoice/i)
      .first(),
  ).toBeVisible();
});

test('A required field that only this project has is asked for on the card', async ({ page, product }) => {
  await settleIn(page, product, product.person('Alice Martin'));
  await describeRequirement(page, product, smallRequirement, { project: 'OPS' });
  const { questions, approve, stories } = workspace(page);
  await expect(questions.or(stories.getByText('Jira requires').first())).toBeVisible();
  if (await questions.isVisible()) await answerQuestions(page);

  const asking = stories.getByRole('article').filter({ hasText: 'Jira requires one more field' });
  await expect(asking.first()).toBeVisible();
  await expect(approve).toBeDisabled();
  await asking.first().getByLabel('Risk class').selectOption({ index: 1 });
  await asking.first().getByRole('button', { name: 'Save' }).click();
  // Filled once, it fills the stories beside it; each can be changed.
  await expect(asking).toHaveCount(0);

  const [key] = await approveAndCreate(page);
  await page.goto(`${product.jiraUrl}/browse/${key}`);
  await expect(page.getByText('Risk class')).toBeVisible();
});

test('Stories that Jira was not there to prepare are all prepared again at one press', async ({
  page,
  liveProduct: product,
}) => {
  await settleIn(page, product, alice);
  product.sandbox.faults.add({
    target: 'jira',
    match: { pathPattern: 'createmeta' },
    effect: { kind: 'reply', status: 503 },
  });
  await describeRequirement(page, product, invoiceExport);
  await answerQuestions(page);
  const { stories, approve } = workspace(page);
  const unprepared = stories
    .getByRole('article')
    .filter({ has: page.getByRole('button', { name: 'Try again' }) });
  await expect(unprepared.nth(1)).toBeVisible();
  await expect(approve).toBeDisabled();
  const tryAgain = unprepared.first().getByRole('button', { name: 'Try again' });

  // As long as Jira is away nothing is lost but the press.
  await tryAgain.click();
  await expect(tryAgain).toBeEnabled();
  await expect(unprepared.nth(1)).toBeVisible();
  product.sandbox.faults.clear();
  await tryAgain.click();
  await expect(unprepared).toHaveCount(0);
  await approveAndCreate(page);
});

test.describe('while stories stream', () => {
  test.use({ productEnv: { PRACTICE_PACE: 'readable' } });

  test('What was written when it was stopped stays, and the work can be continued', async ({
    page,
    product,
  }) => {
    const { talk, stories } = workspace(page);
    await settleIn(page, product, product.person('Alice Martin'));
    await describeRequirement(page, product, invoiceExport);
    await answerQuestions(page);
    await expect(stories.getByRole('article').first()).toBeVisible();
    await page.getByRole('button', { name: 'Stop' }).click();

    await expect(talk.getByText('You stopped it. What was written is kept.')).toBeVisible();
    await expect(stories.getByRole('article').first()).toBeVisible();
    await talk.getByRole('button', { name: 'Continue' }).click();
    await reviewReady(page);
  });
});
