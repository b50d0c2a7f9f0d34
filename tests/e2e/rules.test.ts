import { readFile } from 'node:fs/promises';
import { register, settleIn, signIn } from './support/accounts.ts';
import { expect, test } from './support/test.ts';

test('Rules are tried on a sample while they are typed, saved, and given back to the team default', async ({
  page,
  product,
}) => {
  await settleIn(page, product, product.person('Alice Martin'));
  await page.goto(`${product.url}/rules`);
  const rules = page.getByRole('region', { name: 'Rules', exact: true });
  const points = rules.getByLabel('Most story points');
  await expect(rules.getByText('points 5 of 3')).toBeVisible();
  await points.fill('8');
  await expect(rules.getByText('points 5 of 8')).toBeVisible();
  await points.fill('800');
  await expect(rules.getByText('Some values above cannot be used as they stand.')).toBeVisible();
  await points.fill('8');
  await rules.getByLabel('Banned words').fill('simply');
  await expect(rules.getByText('banned: simply')).toBeVisible();
  await rules.getByRole('button', { name: 'Save my rules' }).click();
  await expect(rules.getByText('Saved.')).toBeVisible();
  await expect(rules.getByText('2 of your own')).toBeVisible();

  await rules.getByRole('button', { name: 'Reset “Most story points” to the team default' }).click();
  await expect(rules.getByText('1 of your own')).toBeVisible();
  await expect(points).toHaveValue('3');
  await expect(rules.getByText('points 5 of 3')).toBeVisible();
  await expect(rules.getByLabel('Banned words')).toHaveValue('simply');
});

test.describe('Without JavaScript', () => {
  test.use({ javaScriptEnabled: false });

  test('Rules are tried on a sample and saved', async ({ page, product }) => {
    const alice = product.person('Alice Martin');
    await register(page, product, alice);
    await signIn(page, alice);
    await page.goto(`${product.url}/rules`);
    const rules = page.getByRole('region', { name: 'Rules', exact: true });
    await rules.getByLabel('Most story points').fill('8');
    await rules.getByRole('button', { name: 'Try on the sample' }).click();
    await expect(rules.getByText('points 5 of 8')).toBeVisible();
    await expect(rules.getByLabel('Most story points')).toHaveValue('8');
    await rules.getByRole('button', { name: 'Save my rules' }).click();
    await expect(rules.getByText('1 of your own')).toBeVisible();

    const move = page.getByRole('region', { name: 'Take along' });
    const download = page.waitForEvent('download');
    await move.getByRole('link', { name: 'Export as one file' }).click();
    const exported = JSON.parse(await readFile(await (await download).path(), 'utf8')) as { rules: object };
    const choose = async (file: object) => {
      const buffer = Buffer.from(JSON.stringify(file));
      await move
        .getByLabel('Import a file')
        .setInputFiles({ name: 'a.json', mimeType: 'application/json', buffer });
      await move.getByRole('button', { name: 'Show what would change' }).click();
    };
    const wards = { name: 'Wards', kind: 'custom', instructions: 'Short.', sections: ['Why', 'Ward'] };
    await choose({ ...exported, formats: [{ ...wards, sections: [] }] });
    await expect(move.getByText('The first format, “Wards”.')).toBeVisible();
    await expect(move.getByRole('button', { name: /^Import th/ })).toHaveCount(0);

    await choose({ ...exported, rules: { ...exported.rules, maxStoryPoints: 13 }, formats: [wards] });
    await expect(move.getByText('8 → 13')).toBeVisible();
    await expect(rules.getByLabel('Most story points')).toHaveValue('8');
    await move.getByRole('button', { name: 'Import these 2 changes' }).click();
    await expect(move.getByText('2 entries imported.')).toBeVisible();
    await expect(rules.getByLabel('Most story points')).toHaveValue('13');

    const formats = page.getByRole('region', { name: 'Your formats' });
    await formats.getByText('Wards', { exact: true }).click();
    await formats.getByRole('button', { name: 'Show it on the sample story' }).first().click();
    await expect(formats.getByRole('status').filter({ hasText: '### Ward' })).toBeVisible();
  });
});
