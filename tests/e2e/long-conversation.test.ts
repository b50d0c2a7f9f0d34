import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '../../src/lib/server/db/connection.ts';
import { conversations, runEvents, users } from '../../src/lib/server/db/schema/index.ts';
import { settleIn } from './support/accounts.ts';
import { expect, test } from './support/test.ts';

const eventCount = 10_000;
const dataDir = mkdtempSync(join(tmpdir(), 'backlogue-long-'));

test.use({ productEnv: { DATA_DIR: dataDir } });
test.afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

test('A conversation of 10,000 events opens, answers to keys and goes back to its start', async ({
  page,
  product,
}) => {
  await settleIn(page, product, product.person('Alice Martin'));
  storeConversation();

  await page.goto(`${product.url}/creator/long`);
  const talk = page.getByRole('region', { name: 'Conversation', exact: true });
  await expect(talk.getByText(`Message ${eventCount}.`)).toBeVisible();
  expect(await page.locator('*').count()).toBeLessThan(2_500);

  // Each key is drawn before the next is pressed, so the time for all of them bounds the time for one.
  const text = 'Make it shorter, please.';
  const startedAt = performance.now();
  await page.getByRole('textbox', { name: 'Message' }).pressSequentially(text);
  expect((performance.now() - startedAt) / text.length).toBeLessThan(200);

  await talk.getByRole('button', { name: /^Show earlier/ }).click();
  await expect(talk.getByText(`Message ${eventCount - 100}.`)).toBeAttached();
  expect(await page.locator('*').count()).toBeLessThan(3_500);
});

/** Half of it said by the person, half by the agent. */
function storeConversation(): void {
  const db = openDatabase(join(dataDir, 'app.db'));
  try {
    const owner = db.orm.select({ id: users.id }).from(users).get();
    if (!owner) throw new Error('Nobody has registered.');
    const row = {
      id: 'long',
      userId: owner.id,
      title: 'A long one',
      lastSeq: eventCount,
      createdAt: 1,
      updatedAt: 1,
    };
    db.orm.transaction((tx) => {
      tx.insert(conversations).values(row).run();
      for (let seq = 1; seq <= eventCount; seq++) {
        const isOwn = seq % 2 === 1;
        const body = {
          messageId: `m${seq}`,
          role: isOwn ? 'user' : 'assistant',
          text: `Message ${seq}. It says **something** about \`invoices\` and their exports.`,
          number: isOwn ? (seq + 1) / 2 : null,
        };
        tx.insert(runEvents)
          .values({ conversationId: 'long', seq, type: 'message_added', body: JSON.stringify(body), at: seq })
          .run();
      }
    });
  } finally {
    db.close();
  }
}
