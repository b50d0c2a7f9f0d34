import type { Page } from '@playwright/test';
import type { PracticePerson, Product } from './support/product.ts';
import { settleIn } from './support/accounts.ts';
import { expect, test } from './support/test.ts';
import {
  answerQuestions,
  describeRequirement,
  firstReadyStory,
  reviewReady,
  workspace,
} from './support/workspace.ts';

/** Each would set `window.owned`, open a dialog, or ask another host, where it is not taken as text. */
const payloads = [
  '<script>window.owned=1</script>',
  '<img src=x onerror="window.owned=1">',
  '<svg onload="window.owned=1">',
  '<svg><script>window.owned=1</script></svg>',
  '<iframe src="https://evil.example/f"></iframe>',
  '<iframe srcdoc="<script>parent.owned=1</script>"></iframe>',
  '<object data="https://evil.example/o"></object>',
  '<embed src="https://evil.example/e">',
  '<link rel="stylesheet" href="https://evil.example/s.css">',
  '<style>@import "https://evil.example/i.css";</style>',
  '<meta http-equiv="refresh" content="0;url=https://evil.example/">',
  '<base href="https://evil.example/">',
  '<form action="https://evil.example/"><button autofocus onfocus="window.owned=1">x</button></form>',
  '<video src="https://evil.example/v" onerror="window.owned=1"></video>',
  '<details open ontoggle="window.owned=1">x</details>',
  '<input autofocus onfocus="window.owned=1">',
  '<a href="javascript:window.owned=1">link</a>',
  '[link](javascript:window.owned=1)',
  '[link](JaVaScRiPt:window.owned=1)',
  '[link](data:text/html;base64,PHNjcmlwdD53aW5kb3cub3duZWQ9MTwvc2NyaXB0Pg==)',
  '[link](vbscript:window.owned=1)',
  '![image](https://evil.example/i.png)',
  '![image](https://evil.example/i.png "title\\" onerror=\\"window.owned=1")',
  '[![image](https://evil.example/n.png)](https://evil.example/)',
  '[ref]: javascript:window.owned=1\n[ref]',
  '<https://evil.example/auto> <javascript:window.owned=1>',
  '`<img src=x onerror=window.owned=1>`',
  '```html\n<script>window.owned=1</script>\n```',
  '| a |\n|---|\n| <img src=x onerror=window.owned=1> |',
  '<math><mtext><table><mglyph><style><img src=x onerror="window.owned=1">',
];
const allOfThem = payloads.join('\n\n');

test('No markup of a message, a page or a story runs, or asks another host', async ({ page, product }) => {
  const alice = product.person('Alice Martin');
  await settleIn(page, product, alice);
  const seen = await watch(page, product);
  const wikiPage = await publishPage(product, alice);

  await describeRequirement(
    page,
    product,
    `Customers should be able to export invoices as PDF. See ${wikiPage}\n\n${allOfThem}`,
  );
  const { questions, approve, talk } = workspace(page);
  await expect(questions.or(approve).first()).toBeVisible();
  if (await questions.isVisible()) await answerQuestions(page);
  await reviewReady(page);
  await expect(talk.getByText('Exports <img src=x onerror').first()).toBeVisible();

  const card = await firstReadyStory(page);
  const fields = [
    ['summary', 'Summary', payloads[1]],
    ['description', 'Description', allOfThem],
    ['STLC notes', 'How it is tested', allOfThem],
    ['acceptance criteria', 'Criterion 1', allOfThem.slice(0, 1_900)],
  ] as const;
  for (const [name, label, text] of fields) {
    await card.getByRole('button', { name: `Edit the ${name}` }).click();
    await card.getByRole('textbox', { name: label }).fill(text ?? '');
    await card.getByRole('button', { name: 'Save' }).click();
    await expect(card.getByRole('button', { name: `Edit the ${name}` })).toBeVisible();
  }
  await page.reload();
  await reviewReady(page);

  expect(await page.evaluate(() => 'owned' in window)).toBe(false);
  expect(seen).toEqual([]);
});

/** What must not happen, as it happens: dialogs, requests to other hosts, anything that the page's policy had to stop. */
async function watch(page: Page, { url, confluenceUrl }: Product): Promise<string[]> {
  const seen: string[] = [];
  const own = [new URL(url).hostname, new URL(confluenceUrl).hostname];
  page.on('dialog', (dialog) => {
    seen.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('request', (request) => {
    const { protocol, hostname } = new URL(request.url());
    if (protocol.startsWith('http') && !own.includes(hostname)) seen.push(`request: ${request.url()}`);
  });
  await page.exposeFunction('tellStopped', (what: string) => seen.push(`stopped by the policy: ${what}`));
  await page.addInitScript(() => {
    const { tellStopped } = window as unknown as { tellStopped: (what: string) => void };
    document.addEventListener('securitypolicyviolation', ({ blockedURI, violatedDirective }) =>
      tellStopped(`${violatedDirective} ${blockedURI}`),
    );
  });
  return seen;
}

/** Puts a hostile page into the practice Confluence and returns its address. */
async function publishPage({ confluenceUrl }: Product, author: PracticePerson): Promise<string> {
  const escape = (text: string) =>
    text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  const answer = await fetch(`${confluenceUrl}/rest/api/content`, {
    method: 'POST',
    headers: { authorization: `Bearer ${author.confluenceToken}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      type: 'page',
      title: 'Exports <img src=x onerror="window.owned=1"> ![i](https://evil.example/t.png)',
      space: { key: 'PORTAL' },
      body: {
        storage: {
          value: payloads.map((payload) => `<p>${escape(payload)}</p>`).join(''),
          representation: 'storage',
        },
      },
    }),
  });
  expect(answer.ok).toBe(true);
  const { _links: links } = (await answer.json()) as { _links: { base: string; webui: string } };
  return links.base + links.webui;
}
