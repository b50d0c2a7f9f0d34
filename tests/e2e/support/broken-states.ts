import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, type Page } from '@playwright/test';
import { alice, ines, omar } from '../../../src/lib/sandbox/people.ts';
import type { LiveProduct } from '../../support/live-product.ts';
import { settleIn } from './accounts.ts';
import { creationFailing, modelFailing, requiredFields, rulesSetAside } from './broken-conversations.ts';
import { describeRequirement, invoiceExport, workspace } from './workspace.ts';

const MINUTE_MS = 60_000;

/**
 * Walks through what a person meets where something does not work, and rests at each, as `everyState` does: the model
 * and Jira failing in their ways, a creation that went half through, a lost connection, a session about to end, a
 * broken configuration.
 */
export async function* brokenStates(page: Page, product: LiveProduct): AsyncGenerator<string> {
  await settleIn(page, product, alice);
  yield* modelFailing(page, product);
  yield* creationFailing(page, product);
  yield* outOfReach(page);
  yield* budgetSpent(page, product);
  yield* jiraFailing(page, product);
  yield* rulesSetAside(page, product);
  yield* requiredFields(page, product);
  yield* misconfigured(page, product);
  yield* nothingStored(page, product);
  yield* sessionEnding(page);
  yield* lastErrorPage(page, product);
}

async function* outOfReach(page: Page): AsyncGenerator<string> {
  const { message } = workspace(page);
  await page.context().setOffline(true);
  await message.fill('Shorter, please.');
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  await expect(page.getByText('You are offline.')).toBeVisible();
  // A socket that is open takes it, and nothing comes back.
  await expect(page.getByText('No answer yet')).toBeVisible();
  yield 'no-network';
  await page.getByRole('button', { name: 'Take it back' }).click();
  await page.context().setOffline(false);
  await expect(page.getByText('You are offline.')).toBeHidden();

  // By the path: the page asks its own host for the channel, whatever name that has.
  let blocked = true;
  await page.routeWebSocket(/[/]socket[.]io[/]/, (socket) => {
    if (blocked) void socket.close();
    else socket.connectToServer();
  });
  await page.route('**/socket.io/**', (route) => (blocked ? route.abort() : route.continue()));
  await page.reload();
  await expect(page.getByText('Live, the slower way')).toBeVisible();
  yield 'slower-way';
  blocked = false;
}

async function* budgetSpent(page: Page, product: LiveProduct): AsyncGenerator<string> {
  const restore = await changeConfig(product, '"llm":{', '"llm":{"budgets":{"tokensPerDay":1000},');
  await expect(async () => {
    await page.goto(`${product.url}/profile`);
    await expect(page.getByText('for today are used up.')).toBeVisible({ timeout: 500 });
  }).toPass();
  yield 'profile-budget-spent';
  await describeRequirement(page, product, invoiceExport);
  await expect(page.getByText('that are yours for today.').first()).toBeVisible();
  yield 'budget-spent';
  await restore();
}

async function* jiraFailing(page: Page, product: LiveProduct): AsyncGenerator<string> {
  const faults = product.sandbox.faults;
  faults.add({ target: 'jira', effect: { kind: 'reply', status: 401 } });
  await page.goto(`${product.url}/configurations`);
  const jira = page.getByRole('region', { name: 'Jira' });
  await jira.getByRole('button', { name: 'Save and test' }).click();
  await expect(jira.getByText('The test failed.')).toBeVisible();
  yield 'jira-refuses';
  await page.goto(`${product.url}/dashboard`);
  yield 'dashboard-test-failed';
  faults.clear();

  // What somebody may see in Jira is remembered for a minute: it is asked for by those who come new.
  await settleInAfresh(page, product, omar);
  faults.add({
    target: 'jira',
    match: { path: '/rest/api/2/project' },
    effect: { kind: 'reply', status: 200, body: '[]' },
  });
  await page.goto(`${product.url}/creator`);
  await expect(page.getByText('No project is visible')).toBeVisible();
  yield 'no-project';
  faults.clear();
  await settleInAfresh(page, product, ines);
  faults.add({ target: 'jira', effect: { kind: 'reply', status: 503 } });
  await page.goto(`${product.url}/creator`);
  await expect(page.getByRole('textbox', { name: 'Requirement' })).toHaveCount(0);
  yield 'jira-down';
  faults.clear();
}

async function settleInAfresh(...[page, product, person]: Parameters<typeof settleIn>): Promise<void> {
  await page.context().clearCookies();
  await settleIn(page, product, person);
}

async function* misconfigured(page: Page, product: LiveProduct): AsyncGenerator<string> {
  await page.goto(`${product.url}/profile`);
  const keys = page.getByRole('region', { name: 'Keys for scripts' });
  await keys.getByLabel('Name of a new key').fill('nightly import');
  await keys.getByRole('button', { name: 'Make a key' }).click();
  await expect(keys.getByText('Copy it now')).toBeVisible();
  await keys.scrollIntoViewIfNeeded();
  yield 'key-made';
  const restore = await changeConfig(product, '"mode"', '"mood": 1, "made"');
  await expect(async () => {
    await page.goto(`${product.url}/dashboard`);
    await expect(page.getByText('config.json was not taken over')).toBeVisible({ timeout: 500 });
  }).toPass();
  yield 'dashboard-config-broken';
  await page.goto(`${product.url}/configurations`);
  await expect(page.getByText('config.json was not taken over')).toBeVisible();
  yield 'configurations-config-broken';
  await page.goto(`${product.url}/admin`);
  yield 'admin-config-broken';
  await restore();
  await changeConfig(product, '"live"', '"practice"');
  await expect(async () => {
    await page.goto(`${product.url}/dashboard`);
    await expect(page.getByRole('complementary', { name: 'Change of mode' })).toBeVisible({ timeout: 500 });
  }).toPass();
  yield 'restart-needed';
}

/** Changes config.json as an editor would; what is returned takes it back. */
async function changeConfig({ configDir }: LiveProduct, from: string, to: string) {
  const file = join(configDir, 'config.json');
  const before = await readFile(file, 'utf8');
  expect(before).toContain(from);
  await writeFile(file, before.replace(from, to));
  return () => writeFile(file, before);
}

/** No disk is filled for a picture: the page is told that it is full. */
async function* nothingStored(page: Page, { url }: LiveProduct): AsyncGenerator<string> {
  await page.route('**/dashboard', async (route) => {
    const response = await route.fetch();
    const body = await response.text();
    expect(body).toContain('outage:null');
    await route.fulfill({ response, body: body.replace('outage:null', 'outage:{fault:"full",since:0}') });
  });
  await page.goto(`${url}/dashboard`);
  await expect(page.getByRole('complementary', { name: 'Read-only' })).toBeVisible();
  yield 'storage-full';
  await page.unrouteAll();
}

/** What is sent where not even the product's own error page can be made. */
async function* lastErrorPage(page: Page, { url }: LiveProduct): AsyncGenerator<string> {
  const body = (await readFile('src/error.html', 'utf8'))
    .replaceAll('%sveltekit.status%', '500')
    .replaceAll('%sveltekit.error.message%', 'Something went wrong on our side.');
  await page.route('**/broken', (route) => route.fulfill({ status: 500, contentType: 'text/html', body }));
  await page.goto(`${url}/broken`);
  yield 'last-error-page';
}

async function* sessionEnding(page: Page): AsyncGenerator<string> {
  // The server's clock goes on as ever, and would set the page's right.
  await page.route('**/session/state', (route) => route.abort());
  await page.clock.install();
  await page.reload();
  // The page counts from the time at which its scripts ran: a key that is heard tells that they did.
  const shortcuts = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
  await expect(async () => {
    await page.keyboard.press('?');
    await expect(shortcuts).toBeVisible({ timeout: 1_000 });
  }).toPass();
  await page.keyboard.press('Escape');
  await page.clock.fastForward(18.5 * MINUTE_MS);
  await expect(page.getByRole('dialog', { name: 'Are you still there?' })).toBeVisible();
  yield 'session-ending';
  await page.getByRole('button', { name: 'Stay signed in' }).click();
}
