import { expect, type Page } from '@playwright/test';
import { password, signIn, testConnection } from './accounts.ts';
import type { Product } from './product.ts';
import {
  answerQuestions,
  approveAndCreate,
  describeRequirement,
  firstReadyStory,
  invoiceExport,
  reviewReady,
  workspace,
} from './workspace.ts';

/**
 * Walks through every page and state of the product, in the order in which a person meets them, and rests at each:
 * whoever iterates looks at the page and learns the state's name.
 */
export async function* everyState(page: Page, product: Product): AsyncGenerator<string> {
  yield* arriving(page, product);
  yield* connecting(page, product);
  yield* drafting(page, product);
  yield* rooms(page, product);
  yield* administering(page, product);
}

async function* arriving(page: Page, { url, person }: Product): AsyncGenerator<string> {
  const alice = person('Alice Martin');
  await page.goto(`${url}/register`);
  yield 'register';
  await page.getByLabel('Jira personal access token').fill('no-such-token');
  await page.getByRole('button', { name: 'Continue' }).click();
  await expect(page.getByText('Jira did not accept the token.').first()).toBeVisible();
  yield 'register-refused';
  await page.getByLabel('Jira personal access token').fill(alice.jiraToken);
  await page.getByRole('button', { name: 'Continue' }).click();
  await expect(page.getByRole('heading', { name: 'Is this you?' })).toBeVisible();
  yield 'register-person';
  await page.getByLabel('Password', { exact: true }).fill('short');
  await page.getByLabel('The same password again').fill('other');
  await page.getByRole('button', { name: 'Create my account' }).click();
  await expect(page.locator('[aria-invalid=true]').first()).toBeVisible();
  yield 'register-person-refused';
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByLabel('The same password again').fill(password);
  await page.getByRole('button', { name: 'Create my account' }).click();
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
  yield 'sign-in';
  await page.getByLabel('Password', { exact: true }).fill('wrong');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByText('The name or the password is not right.')).toBeVisible();
  yield 'sign-in-refused';
  await page.goto(`${url}/forgot`);
  yield 'forgot';
  await page.goto(`${url}/sign-in`);
  await signIn(page, alice);
}

async function* connecting(page: Page, { url }: Product): AsyncGenerator<string> {
  await expect(page.getByRole('heading', { name: 'Dashboard' })).toBeVisible();
  yield 'dashboard-new';
  await page.goto(`${url}/creator`);
  yield 'creator-closed';
  await page.goto(`${url}/configurations`);
  yield 'configurations-new';
  const model = page.getByRole('region', { name: 'Language model' });
  await model.getByRole('textbox', { name: 'Credential' }).fill('no-such-cookie');
  await model.getByRole('button', { name: 'Save and test' }).click();
  await expect(model.getByText('The test failed.')).toBeVisible();
  yield 'configurations-failed';
  await testConnection(page, 'Confluence');
  await testConnection(page, 'Language model');
  yield 'configurations-tested';
}

async function* drafting(page: Page, product: Product): AsyncGenerator<string> {
  const { questions, approve } = workspace(page);
  await page.goto(`${product.url}/creator`);
  yield 'creator-new';
  await page.getByRole('textbox', { name: 'Requirement' }).pressSequentially('See @billing');
  await expect(page.getByRole('option').first()).toBeVisible();
  yield 'creator-mentioning';
  await page.getByRole('button', { name: /^Rules/ }).click();
  await expect(page.getByRole('dialog')).toBeVisible();
  yield 'creator-rules';
  await describeRequirement(page, product, invoiceExport);
  await expect(questions).toBeVisible();
  yield 'clarification';
  await answerQuestions(page);
  await reviewReady(page);
  yield 'review';

  const card = await firstReadyStory(page);
  await card.getByText(/^\d+ similar/).click();
  yield 'review-similar';
  await card.getByRole('button', { name: 'Edit the acceptance criteria' }).click();
  yield 'editing-criteria';
  await card.getByRole('button', { name: 'Cancel' }).click();
  for (const [button, state] of [
    [card.getByRole('button', { name: 'What will be posted' }), 'posting'],
    [page.getByRole('button', { name: 'Revise', exact: true }), 'revising'],
    [page.getByRole('button', { name: 'Discard', exact: true }), 'discarding'],
    [approve, 'approving'],
  ] as const) {
    await button.click();
    await expect(page.getByRole('dialog')).toBeVisible();
    yield state;
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toBeHidden();
  }
  await approveAndCreate(page);
  yield 'created';
  await page.getByRole('button', { name: 'Undo what it created' }).click();
  await expect(page.getByRole('dialog')).toBeVisible();
  yield 'undoing';
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();
  yield* listing(page);
  await page.getByRole('searchbox', { name: 'Search titles and text' }).fill('nothing like it');
  await expect(page.getByText('Nothing found')).toBeVisible();
  yield 'creator-nothing-found';
  await page.getByRole('searchbox', { name: 'Search titles and text' }).fill('');
  await product.kill();
  await expect(page.getByText('The connection was lost.')).toBeVisible();
  yield 'offline';
  await product.start();
  await expect(page.getByText('The connection was lost.')).toBeHidden();
}

/** What is done with a conversation in the list. It has a page of its own, to which the last step leads back. */
async function* listing(page: Page): AsyncGenerator<string> {
  const list = page.getByRole('complementary', { name: 'Conversations' });
  const row = list.locator('a[data-row]').first();
  await row.hover();
  await list.getByRole('button', { name: /^More for/ }).click();
  await expect(page.getByRole('menuitem', { name: 'Rename' })).toBeVisible();
  yield 'conversation-menu';
  await page.getByRole('menuitem', { name: 'Rename' }).click();
  await expect(list.getByLabel(/^New title of/)).toBeVisible();
  yield 'renaming';
  // Whoever looked at it may have made the page so narrow that the list went away.
  await page.reload();
  await expect(list.getByRole('button', { name: /^More for/ })).toHaveCount(1);
  await row.focus();
  await page.keyboard.press('Delete');
  await page.waitForURL(/\/creator$/);
  await expect(page.getByRole('button', { name: 'Undo', exact: true })).toBeVisible();
  yield 'deleted';
  await page.getByRole('button', { name: 'Undo', exact: true }).click();
  await row.click();
  await expect(workspace(page).stories).toBeVisible();
}

async function* rooms(page: Page, { url }: Product): AsyncGenerator<string> {
  for (const room of ['dashboard', 'rules', 'tools', 'profile']) {
    await page.goto(`${url}/${room}`);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    yield room;
  }
  await page.getByRole('button', { name: /^Alice Martin/ }).click();
  await expect(page.getByRole('menuitem', { name: 'Log out' })).toBeVisible();
  yield 'person-menu';
  await page.goto(`${url}/rules`);
  yield* importing(page);
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('dialog')).toBeVisible();
  yield 'palette';
  await page.keyboard.press('Escape');
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog')).toBeVisible();
  yield 'shortcuts';
  await page.goto(`${url}/no-such-page`);
  yield 'not-found';
}

async function* importing(page: Page): AsyncGenerator<string> {
  const card = page.getByRole('region', { name: 'Take along' });
  const choose = async (file: object) => {
    const buffer = Buffer.from(JSON.stringify({ backlogueWriting: 1, ...file }));
    await card
      .getByLabel('Import a file')
      .setInputFiles({ name: 'a.json', mimeType: 'application/json', buffer });
    await card.getByRole('button', { name: 'Show what would change' }).click();
  };
  const wards = { name: 'Wards', kind: 'custom', instructions: 'Name the ward.', sections: ['Ward', 'Need'] };
  await choose({ rules: { maxStoryPoints: 800, minCriteria: 3 }, formats: [{ ...wards, sections: [] }] });
  await expect(card.getByText('Nothing of this file can be imported yet.')).toBeVisible();
  yield 'import-refused';
  await choose({ rules: { maxStoryPoints: 5, minCriteria: 3 }, formats: [wards] });
  const take = card.getByRole('button', { name: 'Import these 3 changes' });
  await take.scrollIntoViewIfNeeded();
  await expect(take).toBeInViewport();
  yield 'import-plan';
}

async function* administering(page: Page, { url, person }: Product): AsyncGenerator<string> {
  await page.context().clearCookies();
  await page.goto(`${url}/register`);
  await page.getByRole('button', { name: 'Use this token: Ines Keller' }).click();
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByLabel('The same password again').fill(password);
  await page.getByRole('button', { name: 'Create my account' }).click();
  await signIn(page, person('Ines Keller'));
  await page.goto(`${url}/admin`);
  yield 'admin';
  const places = await page
    .locator('main a[href^="/admin/"]')
    .evaluateAll((links) => [
      ...new Set(links.map((link) => new URL((link as HTMLAnchorElement).href).pathname)),
    ]);
  for (const place of places) {
    await page.goto(url + place);
    yield place.slice(1).replaceAll('/', '-');
  }
}

/** On a narrow page the stories are behind a switch. */
export async function showStories(page: Page): Promise<void> {
  const toggle = page.getByRole('group', { name: 'What to show' }).getByRole('button', { name: /^Stories/ });
  if (await toggle.isVisible()) await toggle.click();
}

/** Changes the system's theme and waits until it is painted; a reduced motion lets no colour be on its way for long. */
export async function showTheme(page: Page, colorScheme: 'light' | 'dark'): Promise<void> {
  await page.emulateMedia({ colorScheme });
  // The last error page has no scripts, and so no mark of its own.
  const isShown = (wanted: string) =>
    matchMedia(`(prefers-color-scheme: ${wanted})`).matches &&
    (document.documentElement.dataset.theme ?? wanted) === wanted;
  await expect.poll(() => page.evaluate(isShown, colorScheme)).toBe(true);
  await page.evaluate(
    () => new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted))),
  );
}
