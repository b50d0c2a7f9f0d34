import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, type Page } from '@playwright/test';
import type { FaultEffect } from '../../../src/lib/sandbox/faults.ts';
import { alice, ines } from '../../../src/lib/sandbox/people.ts';
import { failCreate } from '../../support/jira-truth.ts';
import type { LiveProduct } from '../../support/live-product.ts';
import { settleIn } from './accounts.ts';
import {
  answerQuestions,
  describeRequirement,
  firstReadyStory,
  invoiceExport,
  reviewReady,
  workspace,
} from './workspace.ts';

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
  yield* misconfigured(page, product);
  yield* sessionEnding(page);
}

async function* modelFailing(page: Page, product: LiveProduct): AsyncGenerator<string> {
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

async function* creationFailing(page: Page, product: LiveProduct): AsyncGenerator<string> {
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
  await page.routeWebSocket(/[/]socket[.]io[/]/, (socket) => socket.close());
  await page.route('**/socket.io/**', (route) => route.abort());
  await page.reload();
  await expect(page.getByText('Live, the slower way')).toBeVisible();
  yield 'slower-way';
  await page.unrouteAll();
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
  faults.add({
    target: 'jira',
    match: { path: '/rest/api/2/project' },
    effect: { kind: 'reply', status: 200, body: '[]' },
  });
  await page.goto(`${product.url}/creator`);
  yield 'no-project';
  faults.clear();
  faults.add({ target: 'jira', effect: { kind: 'reply', status: 503 } });
  await page.goto(`${product.url}/creator`);
  yield 'jira-down';
  faults.clear();
  faults.add({ target: 'jira', effect: { kind: 'reply', status: 401 } });
  await page.goto(`${product.url}/configurations`);
  const jira = page.getByRole('region', { name: 'Jira' });
  await jira.getByRole('button', { name: 'Save and test' }).click();
  await expect(jira.getByText('The test failed.')).toBeVisible();
  yield 'jira-refuses';
  await page.goto(`${product.url}/dashboard`);
  yield 'dashboard-test-failed';
  faults.clear();
}

async function* misconfigured(page: Page, product: LiveProduct): AsyncGenerator<string> {
  await page.context().clearCookies();
  await settleIn(page, product, ines);
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

async function* sessionEnding(page: Page): AsyncGenerator<string> {
  // The server's clock goes on as ever, and would set the page's right.
  await page.route('**/session/state', (route) => route.abort());
  await page.clock.install();
  await page.reload();
  await page.clock.fastForward(18.5 * MINUTE_MS);
  await expect(page.getByRole('dialog', { name: 'Are you still there?' })).toBeVisible();
  yield 'session-ending';
  await page.getByRole('button', { name: 'Stay signed in' }).click();
}
