import type { Page, Request } from '@playwright/test';
import { get } from 'node:http';
import { settleIn } from './support/accounts.ts';
import { expect, test } from './support/test.ts';
import { answerQuestions, describeRequirement, invoiceExport, reviewReady } from './support/workspace.ts';

/** Of the empty workspace and of a conversation with its stories alike. As brotli, which browsers take over TLS only: over plain HTTP they take gzip, which is some 12% more. */
const scriptBudgetBytes = 150 * 1024;

test('The workspace’s first screen loads few scripts and stays where it is', async ({ page, product }) => {
  await settleIn(page, product, product.person('Alice Martin'));
  const { scriptBytes } = await measured(page, () => page.goto(`${product.url}/creator`));
  expect(scriptBytes).toBeLessThanOrEqual(scriptBudgetBytes);

  await describeRequirement(page, product, invoiceExport);
  await answerQuestions(page);
  await reviewReady(page);
  const opened = await measured(page, () => page.reload());
  expect(opened.layoutShift).toBeLessThan(0.05);
  expect(opened.scriptBytes).toBeLessThanOrEqual(scriptBudgetBytes);
});

/** Which scripts a loading asks for, cached or not, and how far it moves what was drawn, until the network rests. */
async function measured(page: Page, load: () => Promise<unknown>) {
  const scripts = new Set<string>();
  const note = (request: Request) => {
    if (request.resourceType() === 'script' || /\.js$/.test(request.url())) scripts.add(request.url());
  };
  page.on('request', note);
  await load();
  await page.waitForLoadState('networkidle');
  const layoutShift = await page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        new PerformanceObserver((list) => {
          const shifts = list.getEntries() as (PerformanceEntry & {
            value: number;
            hadRecentInput: boolean;
          })[];
          resolve(shifts.reduce((sum, { value, hadRecentInput }) => sum + (hadRecentInput ? 0 : value), 0));
        }).observe({ type: 'layout-shift', buffered: true });
        // No shift at all tells nothing.
        setTimeout(() => resolve(0), 500);
      }),
  );
  page.off('request', note);
  const sizes = await Promise.all([...scripts].map(brotliBytes));
  return { scriptBytes: sizes.reduce((sum, size) => sum + size, 0), layoutShift };
}

/** What the server sends of a script to a browser that takes brotli. */
function brotliBytes(url: string): Promise<number> {
  return new Promise((resolve, reject) => {
    get(url, { headers: { 'accept-encoding': 'br' } }, async (response) => {
      expect(response.headers['content-encoding'], url).toBe('br');
      let bytes = 0;
      for await (const chunk of response) bytes += (chunk as Buffer).length;
      resolve(bytes);
    }).on('error', reject);
  });
}
