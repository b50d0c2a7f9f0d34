import { expect, type Locator, type Page } from '@playwright/test';
import type { Product } from './product.ts';

export const invoiceExport =
  'Customers should be able to export invoices as PDF or CSV, by e-mail too, with an audit trail.';

/** The parts of the workspace, by the names that a screen reader says. */
export function workspace(page: Page) {
  return {
    talk: page.getByRole('region', { name: 'Conversation', exact: true }),
    questions: page.getByRole('form', { name: /questions?$/ }),
    message: page.getByRole('textbox', { name: 'Message' }),
    stories: page.getByRole('region', { name: 'Story cards' }),
    approve: page.getByRole('button', { name: /^Approve( \d+ stor(y|ies))?$/ }),
    created: page.getByRole('region', { name: 'Story cards' }).getByRole('link', { name: /^[A-Z]+-\d+$/ }),
  };
}

/** Starts a conversation, and waits until the agent asks. */
export async function describeRequirement(
  page: Page,
  { url }: Pick<Product, 'url'>,
  text: string,
  { project }: { project?: string } = {},
): Promise<void> {
  await page.goto(`${url}/creator`);
  await page.getByRole('textbox', { name: 'Requirement' }).fill(text);
  if (project) await page.getByLabel('Project').selectOption(project);
  await page.getByRole('button', { name: 'Start' }).click();
  await page.waitForURL(/\/creator\/.+/);
}

/** Takes the first suggestion of every question that is open. */
export async function answerQuestions(page: Page): Promise<void> {
  const { questions } = workspace(page);
  await expect(questions).toBeVisible();
  for (const group of await questions.getByRole('group', { name: 'Suggested answers' }).all())
    await group.getByRole('button').first().click();
  await questions.getByRole('button', { name: /^Send the answers?$/ }).click();
}

/** Waits for the review, and returns the button that approves everything. */
export async function reviewReady(page: Page): Promise<Locator> {
  const { approve } = workspace(page);
  await expect(approve).toBeEnabled();
  return approve;
}

/** The first story that can be selected: that very card, also while a change to it is prepared and it cannot. */
export async function firstReadyStory(page: Page): Promise<Locator> {
  const ready = workspace(page)
    .stories.getByRole('article')
    .filter({ has: page.getByRole('checkbox') })
    .first();
  return page.locator(`[id="${await ready.getAttribute('id')}"]`);
}

/** Approves what is selected and waits until each has its key, which are returned. */
export async function approveAndCreate(page: Page): Promise<string[]> {
  const approve = await reviewReady(page);
  const count = Number(/\d+/.exec((await approve.textContent()) ?? '')?.[0]);
  await approve.click();
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /^Create \d+ issue/ })
    .click();
  const { created } = workspace(page);
  await expect(created).toHaveCount(count);
  return created.allTextContents();
}
