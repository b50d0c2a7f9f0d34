/**
 * How the built product feels in a browser: when the workspace's first screen stands, how far it moves, and how soon it
 * answers in a conversation of 10,000 events. `npm run bench:browser [-- --record]`; exits with 1 where an aim is missed.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser, type Page } from '@playwright/test';
import playwrightConfig from '../../playwright.config.ts';
import { settleIn } from '../e2e/support/accounts.ts';
import { startProduct, type Product } from '../e2e/support/product.ts';
import {
  answerQuestions,
  describeRequirement,
  invoiceExport,
  reviewReady,
} from '../e2e/support/workspace.ts';
import { longConversation, storeLongConversation } from '../support/long-conversation.ts';
import { renderBrowserReport, type BrowserResults } from './browser-report.ts';
import { measureInteractions } from './interactions.ts';
import { measureLoads } from './page-loads.ts';
import { record } from './record.ts';

/** As the aims say: a phone or an old notebook. */
const SLOWED_BY = 4;
const LOADS = 5;

const dataDir = mkdtempSync(join(tmpdir(), 'backlogue-browser-bench-'));
const product = await startProduct({ DATA_DIR: dataDir });
const browser = await chromium.launch(playwrightConfig.use?.launchOptions);
try {
  const results = await measure(browser, product);
  const { report, kept } = renderBrowserReport(results);
  process.stdout.write(`${report}\n`);
  if (process.argv.includes('--record')) await record(report, 'bench:browser');
  if (!kept) process.exitCode = 1;
} finally {
  await browser.close();
  await product.remove();
  rmSync(dataDir, { recursive: true, force: true });
}

async function measure(browser: Browser, product: Product): Promise<BrowserResults> {
  const before = loadavg()[0] ?? 0;
  const startedAt = new Date().toISOString();
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  await settleIn(page, product, product.person('Alice Martin'));
  const drafted = await draft(page, product);
  const state = await context.storageState();

  const loads = [];
  for (const [name, url] of [
    ['Workspace, first screen', `${product.url}/creator`],
    ['Conversation with its stories', drafted],
  ] as const)
    for (const slowedBy of [1, SLOWED_BY])
      loads.push(await measureLoads(browser, { name, url, loads: LOADS, slowedBy, state }));

  storeLongConversation(dataDir);
  const interactions = [];
  for (const slowedBy of [1, SLOWED_BY]) {
    await page.goto(`${product.url}/creator/${longConversation.id}`);
    await page.waitForLoadState('networkidle');
    interactions.push(await measureInteractions(page, slowedBy));
  }
  const machine = { cpu: cpus()[0]?.model ?? 'unknown', cores: cpus().length, browser: browser.version() };
  return { startedAt, machine, load: { before, after: loadavg()[0] ?? 0 }, loads, interactions };
}

/** A conversation that waits for its review; its address. */
async function draft(page: Page, product: Product): Promise<string> {
  await describeRequirement(page, product, invoiceExport);
  await answerQuestions(page);
  await reviewReady(page);
  return page.url();
}
