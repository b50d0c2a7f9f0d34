import { alice, omar } from '../../src/lib/sandbox/people.ts';
import { register, signIn } from './support/accounts.ts';
import { expect, test } from './support/test.ts';

test('A test shows each step as it goes, its end, and after a reload the same', async ({
  page,
  liveProduct: product,
}) => {
  await register(page, product, { jiraToken: alice.jiraToken, name: alice.displayName });
  await signIn(page, alice);
  await page.goto(`${product.url}/configurations`);
  const card = page.getByRole('region', { name: 'Confluence' });
  const step = (name: string) => card.locator(`[data-step="${name}"]`);
  // The first answer asks to wait a while, in which the step can be seen at work; the second is good.
  product.sandbox.faults.add({
    target: 'confluence',
    match: { path: '/rest/api/user/current' },
    times: 1,
    effect: { kind: 'reply', status: 429, headers: { 'retry-after': '3' } },
  });

  await card.getByRole('textbox', { name: 'Access token' }).fill(omar.confluenceToken);
  await card.getByRole('button', { name: 'Save and test' }).click();
  await expect(step('authenticate')).toHaveAttribute('data-state', 'running');
  await expect(step('connect')).toHaveAttribute('data-state', 'passed');
  await expect(step('identity')).toHaveAttribute('data-state', 'waiting');

  await expect(card.getByText('The test failed.')).toBeVisible();
  for (const visit of ['as it ended', 'after a reload']) {
    await test.step(visit, async () => {
      await expect(step('authenticate')).toHaveAttribute('data-state', 'passed');
      await expect(step('identity')).toContainText('Confluence answered as E10388, and you are E10421.');
      await expect(step('identity')).toContainText('Enter a credential of your own.');
      await expect(step('tools')).toHaveAttribute('data-state', 'skipped');
    });
    await page.reload();
  }
});

test('A token that runs out soon is told on the dashboard, and a removed one is gone', async ({
  page,
  liveProduct: product,
}) => {
  await register(page, product, { jiraToken: alice.jiraToken, name: alice.displayName });
  await signIn(page, alice);
  const soon = new Date(Date.now() + 3 * 86_400_000);
  product.sandbox.faults.add({
    target: 'confluence',
    match: { path: '/rest/pat/latest/tokens' },
    effect: {
      kind: 'reply',
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify([{ id: 1, name: 'mine', expiringAt: soon.toISOString(), lastAccessedAt: null }]),
    },
  });
  await page.goto(`${product.url}/configurations`);
  const card = page.getByRole('region', { name: 'Confluence' });
  await card.getByRole('textbox', { name: 'Access token' }).fill(alice.confluenceToken);
  await card.getByRole('button', { name: 'Save and test' }).click();
  await expect(card.getByText('The test passed.')).toBeVisible();
  const day = new Intl.DateTimeFormat('en', { dateStyle: 'long', timeZone: 'UTC' }).format(soon);
  await expect(card.getByText(`It runs out on ${day}.`)).toBeVisible();

  await page.goto(`${product.url}/dashboard`);
  const warning = page.getByText(`Your token for Confluence runs out on ${day}.`);
  await expect(warning).toBeVisible();
  await warning.getByRole('link', { name: 'Renew it' }).click();

  await card.locator('summary', { hasText: 'Remove' }).click();
  await card.getByRole('button', { name: 'Remove the access token' }).click();
  await expect(card.getByText('not set up')).toBeVisible();
  await expect(card.getByText('Stored access token')).toBeHidden();
});
