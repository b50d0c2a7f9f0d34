import type { Page } from '@playwright/test';
import { password, settleIn, signIn } from './support/accounts.ts';
import { expect, test } from './support/test.ts';
import {
  answerQuestions,
  describeRequirement,
  invoiceExport,
  reviewReady,
  workspace,
} from './support/workspace.ts';

test.describe('while stories stream', () => {
  test.use({ productEnv: { PRACTICE_PACE: 'readable' } });

  test('A reload and a second tab end with the same words', async ({ page, context, product }) => {
    await settleIn(page, product, product.person('Alice Martin'));
    await describeRequirement(page, product, invoiceExport);
    await answerQuestions(page);
    await expect(workspace(page).stories.getByRole('article').first()).toBeVisible();

    const second = await context.newPage();
    await Promise.all([second.goto(page.url()), page.reload()]);
    await Promise.all([reviewReady(page), reviewReady(second)]);

    await expect(async () => expect(await words(second)).toEqual(await words(page))).toPass();
    await page.reload();
    await reviewReady(page);
    await expect(async () => expect(await words(page)).toEqual(await words(second))).toPass();
  });
});

test('A question that one tab answers is answered in the other', async ({ page, context, product }) => {
  await settleIn(page, product, product.person('Alice Martin'));
  await describeRequirement(page, product, invoiceExport);
  await expect(workspace(page).questions).toBeVisible();
  const second = await context.newPage();
  await second.goto(page.url());
  await expect(workspace(second).questions).toBeVisible();

  await answerQuestions(second);

  await expect(workspace(page).questions).toBeHidden();
  await reviewReady(page);
});

test('Signing out in one tab signs out the others, and leads back after signing in', async ({
  page,
  context,
  product,
}) => {
  const alice = product.person('Alice Martin');
  await settleIn(page, product, alice);
  await describeRequirement(page, product, invoiceExport);
  await expect(workspace(page).questions).toBeVisible();
  const conversation = page.url();
  const second = await context.newPage();
  await second.goto(`${product.url}/dashboard`);

  await second.getByRole('button', { name: /Alice Martin/ }).click();
  await second.getByRole('menuitem', { name: 'Log out' }).click();

  await page.waitForURL(/\/sign-in\?/);
  await signIn(page, alice);
  await expect(page).toHaveURL(conversation);
  await expect(workspace(page).questions).toBeVisible();
});

test('A page without a conversation notices that its session was ended in another browser', async ({
  page,
  browser,
  product,
}) => {
  const alice = product.person('Alice Martin');
  await page.clock.install();
  await settleIn(page, product, alice);
  await page.goto(`${product.url}/dashboard`);
  await expect(page.getByRole('heading', { name: 'Dashboard' })).toBeVisible();
  const elsewhere = await browser.newContext();
  for (const [path, form] of [
    ['/sign-in', { login: alice.employeeId, password }],
    ['/profile?/everywhere', {}],
  ] as const)
    await elsewhere.request.post(product.url + path, {
      form,
      headers: { origin: product.url, 'x-sveltekit-action': 'true' },
    });
  await elsewhere.close();

  await page.clock.runFor('01:05');

  await page.waitForURL(/\/sign-in\?because=ended/);
  await expect(page.getByText('This session was ended from another place.')).toBeVisible();
});

/** What a person reads in both panes. A tab behind another paints nothing new, and what was not painted yet is no text. */
async function words(page: Page): Promise<string[]> {
  await page.bringToFront();
  const { talk, stories } = workspace(page);
  return [await talk.innerText(), await stories.innerText()];
}
