import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { storeConversation } from '../support/stored-conversation.ts';
import { settleIn } from './support/accounts.ts';
import { expect, test } from './support/test.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'backlogue-list-'));

/** The newest first. */
const held = [
  { title: 'Approval of refunds', text: 'Two people must say yes.' },
  { title: 'Forgiving search', text: 'It should find what people mean.' },
  { title: 'Export invoices', text: 'As a spreadsheet, with the ward in it.' },
];

test.use({ productEnv: { DATA_DIR: dataDir } });
test.afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

test('Conversations are found, renamed, archived and deleted from the list, by keyboard too', async ({
  page,
  product,
}) => {
  await settleIn(page, product, product.person('Alice Martin'));
  for (const [age, { title, text }] of held.entries())
    storeConversation(dataDir, { id: `held-${age}`, title, texts: [text], updatedAt: held.length - age });
  await page.goto(`${product.url}/creator`);
  const list = page.getByRole('complementary', { name: 'Conversations' });
  const row = (title: string) => list.locator('a[data-row]', { hasText: title });
  const titles = list.locator('a[data-row] > :first-child');

  // Scripts alone make the menus, and hear what is typed.
  await expect(list.getByRole('button', { name: /^More for/ })).toHaveCount(held.length);

  await test.step('a word of its text finds it, as one of its title does', async () => {
    const search = list.getByRole('searchbox');
    await search.fill('ward');
    await expect(titles).toHaveText(['Export invoices']);
    await search.fill('forgiving');
    await expect(titles).toHaveText(['Forgiving search']);
    await search.fill('');
    await expect(titles).toHaveText(['Approval of refunds', 'Forgiving search', 'Export invoices']);
  });

  await test.step('arrows move, F2 renames, Escape keeps the name, and the focus stays', async () => {
    await row('Approval of refunds').focus();
    await page.keyboard.press('ArrowDown');
    await expect(row('Forgiving search')).toBeFocused();
    await page.keyboard.press('F2');
    await expect(list.getByLabel('New title of “Forgiving search”')).toBeFocused();
    await page.keyboard.type('Given up');
    await page.keyboard.press('Escape');
    await expect(row('Forgiving search')).toBeFocused();
    await page.keyboard.press('F2');
    await page.keyboard.type('Search with typos');
    await page.keyboard.press('Enter');
    await expect(row('Search with typos')).toBeFocused();
    // What was changed last stands first.
    await expect(titles).toHaveText(['Search with typos', 'Approval of refunds', 'Export invoices']);
  });

  await test.step('Delete takes it away, the next has the focus, and Undo brings it back', async () => {
    await page.keyboard.press('Delete');
    await expect(titles).toHaveText(['Approval of refunds', 'Export invoices']);
    await expect(row('Approval of refunds')).toBeFocused();
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect(titles).toHaveText(['Search with typos', 'Approval of refunds', 'Export invoices']);
  });

  await test.step('archived it is out of the list, and can be put back', async () => {
    const choose = async (title: string, entry: string) => {
      await row(title).hover();
      await list.getByRole('button', { name: `More for “${title}”` }).click();
      await page.getByRole('menuitem', { name: entry, exact: true }).click();
    };
    await choose('Export invoices', 'Archive');
    await expect(titles).toHaveText(['Search with typos', 'Approval of refunds']);
    await list.getByRole('button', { name: 'Archived' }).click();
    await expect(titles).toHaveText(['Export invoices']);
    await choose('Export invoices', 'Put back');
    await list.getByRole('button', { name: 'Back to all' }).click();
    await expect(row('Export invoices')).toBeVisible();
    const download = page.waitForEvent('download');
    await choose('Export invoices', 'Export as JSON');
    expect((await download).suggestedFilename()).toMatch(/[.]json$/);
  });
});
