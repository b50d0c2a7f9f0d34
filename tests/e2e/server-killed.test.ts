import { settleIn } from './support/accounts.ts';
import { expect, test } from './support/test.ts';
import {
  answerQuestions,
  approveAndCreate,
  describeRequirement,
  invoiceExport,
  reviewReady,
  workspace,
} from './support/workspace.ts';

const LOST = 'The connection was lost. Trying again by itself';

test('A question and a review outlive a killed server, and each story becomes one issue', async ({
  page,
  product,
}) => {
  const { questions } = workspace(page);
  const lost = page.getByText(LOST);
  await settleIn(page, product, product.person('Alice Martin'));
  await page.goto(`${product.jiraUrl}/projects/DEMO`);
  const issuesBefore = await page.getByRole('row').count();

  await describeRequirement(page, product, invoiceExport);
  await expect(questions).toBeVisible();
  const asked = await questions.locator('legend').allTextContents();

  await test.step('killed while it waits for answers', async () => {
    await product.kill();
    await expect(lost).toBeVisible();
    await product.start();
    await expect(lost).toBeHidden();
    await expect(questions.locator('legend')).toHaveText(asked);
  });

  await answerQuestions(page);
  await reviewReady(page);
  const summaries = await page.getByRole('article').getByRole('heading', { level: 3 }).allTextContents();

  await test.step('killed while it waits for the review', async () => {
    await product.kill();
    await expect(lost).toBeVisible();
    await product.start();
    await expect(lost).toBeHidden();
    await reviewReady(page);
    await expect(page.getByRole('article').getByRole('heading', { level: 3 })).toHaveText(summaries);
  });

  const keys = await approveAndCreate(page);
  await page.goto(`${product.jiraUrl}/projects/DEMO`);
  await expect(page.getByRole('row')).toHaveCount(issuesBefore + keys.length);
  for (const key of keys) await expect(page.getByRole('link', { name: key, exact: true })).toHaveCount(1);
});

test.describe('in mid-draft', () => {
  test.use({ productEnv: { PRACTICE_PACE: 'readable' } });

  test('A killed server says so, and the work goes on when asked', async ({ page, product }) => {
    const { talk, stories } = workspace(page);
    await settleIn(page, product, product.person('Alice Martin'));
    await describeRequirement(page, product, invoiceExport);
    await answerQuestions(page);
    await expect(stories.getByRole('article').first()).toBeVisible();

    await product.kill();
    await product.start();
    await expect(talk.getByText('The work was interrupted when the server stopped.')).toBeVisible();
    await talk.getByRole('button', { name: 'Continue' }).click();
    await reviewReady(page);
  });
});
