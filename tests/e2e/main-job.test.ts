import { password } from './support/accounts.ts';
import { expect, test } from './support/test.ts';
import { invoiceExport, workspace } from './support/workspace.ts';

test.use({ productEnv: { PRACTICE_PACE: 'readable' }, viewport: { width: 1440, height: 900 } });

test('From a Jira token to issues in Jira, as a newcomer does it', async ({ page, product }) => {
  const alice = product.person('Alice Martin');
  const rooms = page.getByRole('navigation', { name: 'Main' });
  const { talk, questions, stories, approve, created } = workspace(page);

  await test.step('registers with a token', async () => {
    await page.goto(product.url);
    await page.getByRole('link', { name: 'Register with your Jira token' }).click();
    await page.getByLabel('Jira personal access token').fill(alice.jiraToken);
    await page.getByRole('button', { name: 'Continue' }).click();
    await expect(page.getByText('alice.martin@example.test')).toBeVisible();
    await page.getByLabel('Password', { exact: true }).fill(password);
    await page.getByLabel('The same password again').fill(password);
    await page.getByRole('button', { name: 'Create my account' }).click();
  });

  await test.step('signs in', async () => {
    await page.getByLabel('Employee id, name or e-mail').fill('Alice Martin');
    await page.getByLabel('Password', { exact: true }).fill(password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await expect(page.getByRole('heading', { name: 'Dashboard' })).toBeVisible();
  });

  await test.step('tests the connections', async () => {
    await rooms.getByRole('link', { name: /^Configurations/ }).click();
    for (const name of ['Confluence', 'Language model']) {
      const card = page.getByRole('region', { name });
      await card.getByRole('button', { name: 'Fill it in' }).click();
      await card.getByRole('button', { name: 'Save and test' }).click();
      await expect(card.getByText('Answered as E10421: that is you.')).toBeVisible();
    }
    await expect(
      page.getByRole('region', { name: 'Jira' }).getByText('tested', { exact: true }),
    ).toBeVisible();
  });

  await test.step('describes a requirement and answers', async () => {
    await rooms.getByRole('link', { name: 'Issue Creator' }).click();
    await page.getByRole('textbox', { name: 'Requirement' }).fill(invoiceExport);
    await page.getByRole('button', { name: 'Start' }).click();
    await expect(questions).toBeVisible();
    await questions.getByRole('button', { name: 'Account owners only' }).click();
    await questions.getByRole('button', { name: '10 years', exact: true }).click();
    await questions.getByRole('button', { name: 'Send the answers' }).click();
  });

  await test.step('watches drafts fill in, and one being split', async () => {
    await expect(stories.getByRole('article').first()).toBeVisible();
    await expect(approve).toBeEnabled();
    await expect(talk.getByText(/^Splitting/).first()).toBeVisible();
    await expect(stories.getByText(/became|split into/i).first()).toBeVisible();
    if (process.env['README_PICTURE']) await page.screenshot({ path: process.env['README_PICTURE'] });
  });

  await test.step('approves, and finds the issues in Jira', async () => {
    const count = Number(/\d+/.exec((await approve.textContent()) ?? '')?.[0]);
    await approve.click();
    await expect(page.getByRole('dialog')).toContainText('in DEMO, as Alice Martin (E10421)');
    await page.getByRole('button', { name: `Create ${count} issues` }).click();
    await expect(created).toHaveCount(count);

    const [issue] = await Promise.all([page.waitForEvent('popup'), created.first().click()]);
    await expect(issue).toHaveURL(`${product.jiraUrl}/browse/${await created.first().textContent()}`);
    await expect(issue.getByRole('heading', { level: 1 })).toContainText(/export/i);
    await expect(issue.getByText('Alice Martin')).toBeVisible();
    await expect(issue.getByText('Acceptance criteria', { exact: false }).first()).toBeVisible();
  });
});
