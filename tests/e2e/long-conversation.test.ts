import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { longConversation, storeLongConversation } from '../support/long-conversation.ts';
import { settleIn } from './support/accounts.ts';
import { expect, test } from './support/test.ts';

const { eventCount } = longConversation;
const dataDir = mkdtempSync(join(tmpdir(), 'backlogue-long-'));

test.use({ productEnv: { DATA_DIR: dataDir } });
test.afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

test('A conversation of 10,000 events opens, answers to keys and goes back to its start', async ({
  page,
  product,
}) => {
  await settleIn(page, product, product.person('Alice Martin'));
  storeLongConversation(dataDir);

  await page.goto(`${product.url}/creator/long`);
  const talk = page.getByRole('region', { name: 'Conversation', exact: true });
  await expect(talk.getByText(`Message ${eventCount}.`)).toBeVisible();
  expect(await page.locator('*').count()).toBeLessThan(2_500);

  // How soon each key is drawn is for `npm run bench:browser` to say.
  const message = page.getByRole('textbox', { name: 'Message' });
  await message.pressSequentially('Make it shorter, please.');
  await expect(message).toHaveValue('Make it shorter, please.');

  await talk.getByRole('button', { name: /^Show earlier/ }).click();
  await expect(talk.getByText(`Message ${eventCount - 100}.`)).toBeAttached();
  expect(await page.locator('*').count()).toBeLessThan(3_500);
});
