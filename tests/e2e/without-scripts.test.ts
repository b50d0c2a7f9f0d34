import { password, register, settleIn, signIn } from './support/accounts.ts';
import { expect, test } from './support/test.ts';
import { invoiceExport, workspace } from './support/workspace.ts';

test.use({ javaScriptEnabled: false });

test('A requirement is told, questions are answered and a message is sent without scripts', async ({
  page,
  product,
}) => {
  const { questions, stories, message, talk } = workspace(page);
  await settleIn(page, product, product.person('Alice Martin'));
  await page.goto(`${product.url}/creator`);
  await page.getByRole('button', { name: 'Start' }).click();
  await expect(page.getByRole('textbox', { name: 'Requirement' })).toHaveAccessibleDescription(/\w/);
  await page.getByRole('textbox', { name: 'Requirement' }).fill(invoiceExport);
  await page.getByLabel(/^Files \(/).setInputFiles({
    name: 'notes.md',
    mimeType: 'text/markdown',
    buffer: Buffer.from('# Notes\n\nExports hold at most 5,000 invoices.'),
  });
  await page.getByRole('button', { name: 'Start' }).click();
  // Nothing tells a page without scripts that something happened: it is looked at again.
  const look = async (there: () => Promise<void>) =>
    expect(async () => {
      await page.reload();
      await there();
    }).toPass();
  await look(() => expect(questions).toBeVisible({ timeout: 200 }));
  await questions.getByRole('textbox').first().fill('Account owners only');
  await questions.getByRole('button', { name: /^Send the answers?$/ }).click();
  await look(() => expect(stories.getByRole('article').first()).toBeVisible({ timeout: 200 }));
  await look(() => expect(talk.getByText(/split|ready/i).first()).toBeVisible({ timeout: 200 }));
  await message.fill('Add a criterion: an export without any invoice says so.');
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  await look(() => expect(talk.getByText(/I changed/).first()).toBeVisible({ timeout: 200 }));
});

test('An account is made, and it, own texts and people are changed without scripts', async ({
  page,
  product,
}) => {
  const ines = product.person('Ines Keller');
  await settleIn(page, product, product.person('Omar Haddad'));
  await page.context().clearCookies();
  await register(page, product, ines);
  await signIn(page, ines);
  await expect(page.getByRole('heading', { name: 'Dashboard' })).toBeVisible();

  await page.goto(`${product.url}/configurations`);
  const card = page.getByRole('region', { name: 'Language model' });
  await card.getByRole('textbox', { name: 'Credential' }).fill(ines.llmCookie);
  await card.getByRole('button', { name: 'Save and test' }).click();
  await expect(card.getByText(`Answered as ${ines.employeeId}: that is you.`)).toBeVisible();

  await page.goto(`${product.url}/profile`);
  await page.getByLabel('Stories are written in').selectOption({ index: 1 });
  await page.getByRole('region', { name: 'Stories' }).getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Saved.').first()).toBeVisible();
  const keys = page.getByRole('region', { name: 'Keys for scripts' });
  await keys.getByLabel('Name of a new key').fill('nightly import');
  await keys.getByRole('button', { name: 'Make a key' }).click();
  await expect(keys.getByText(/^blk_/).first()).toBeVisible();
  await keys.getByRole('button', { name: /Revoke/ }).click();
  await expect(keys.getByText('nightly import')).toHaveCount(0);
  const secret = page.getByRole('region', { name: /password/i });
  await secret.getByRole('textbox', { name: 'Current password' }).fill('wrong');
  await secret.getByRole('textbox', { name: 'New password' }).fill('Another-horse-9');
  await secret.getByRole('textbox', { name: 'The same password again' }).fill('Another-horse-9');
  await secret.getByRole('button', { name: 'Change the password' }).click();
  await expect(secret.locator('[aria-invalid=true]').first()).toBeVisible();
  await secret.getByRole('textbox', { name: 'Current password' }).fill(password);
  await secret.getByRole('textbox', { name: 'New password' }).fill('Another-horse-9');
  await secret.getByRole('textbox', { name: 'The same password again' }).fill('Another-horse-9');
  await secret.getByRole('button', { name: 'Change the password' }).click();
  await expect(page.getByText(/changed/i).first()).toBeVisible();

  await page.goto(`${product.url}/rules`);
  const prompts = page.getByRole('region', { name: 'Your prompts' });
  await prompts.getByText('Add a prompt').click();
  await prompts.getByLabel('Name').fill('Wards first');
  await prompts.getByRole('textbox').last().fill('Name the ward in each story.');
  await prompts
    .getByRole('button', { name: /Add|Save/ })
    .first()
    .click();
  await expect(prompts.getByText('Wards first').first()).toBeVisible();

  await page.goto(`${product.url}/admin/people`);
  await page
    .getByRole('button', { name: /Disable/ })
    .first()
    .click();
  await expect(page.getByText(/disabled/).first()).toBeVisible();
  await page.goto(`${product.url}/admin/audit`);
  await page.getByLabel('Employee id').fill(ines.employeeId);
  await page.getByRole('button', { name: 'Show' }).click();
  await expect(page.getByText('user.disable').filter({ visible: true })).toHaveCount(1);

  await page.goto(`${product.url}/tools`);
  await page.getByRole('button', { name: 'Read the tools again' }).click();
  await expect(page.getByText('Tool refresh').first()).toBeVisible();
});

test('A forgotten password is set anew without scripts', async ({ page, product }) => {
  const alice = product.person('Alice Martin');
  await settleIn(page, product, alice);
  await page.context().clearCookies();
  await page.goto(`${product.url}/forgot`);
  await page.getByLabel('Jira personal access token').fill(alice.jiraToken);
  await page.getByRole('button', { name: 'Continue' }).click();
  await page
    .getByLabel(/^(New )?[Pp]assword/)
    .first()
    .fill('Another-horse-9');
  await page.getByRole('textbox', { name: 'The same password again' }).fill('Another-horse-9');
  await page
    .getByRole('button')
    .filter({ hasText: /password/i })
    .last()
    .click();
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
});
