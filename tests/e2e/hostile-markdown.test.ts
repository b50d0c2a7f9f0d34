import type { Page } from '@playwright/test';
import { build } from 'vite';
import { hostileMarkdown } from '../support/hostile-markdown.ts';
import { seededRandom } from '../support/seeded-random.ts';
import { expect, test } from './support/test.ts';

const seed = Number(process.env['TEST_SEED'] ?? 7);
/** Each is shown so far and no further, as it is while it streams; the last one is whole. */
const CUTS = 20;

test(`Hostile Markdown runs nothing and asks nobody, wherever it is cut (TEST_SEED=${seed})`, async ({
  page,
}) => {
  const payloads = hostileMarkdown();
  expect(payloads.length).toBeGreaterThan(300);
  const random = seededRandom(seed);
  const cuts = payloads.map((payload) =>
    Array.from({ length: CUTS }, (_, index) =>
      payload.slice(0, index === CUTS - 1 ? undefined : Math.floor(random() * payload.length)),
    ),
  );
  const asked = await openBarePage(page);
  await page.addScriptTag({ content: await rendererAsScript() });

  expect(await page.evaluate(showAll, cuts.flat())).toEqual([]);
  // What would have run by then has run before this, which runs because nothing cleans it.
  await page.evaluate(() => (document.body.innerHTML = '<img src="data:," onerror="window.control = true">'));
  await page.waitForFunction(() => 'control' in window);
  expect(await page.evaluate(() => 'owned' in window)).toBe(false);
  expect(asked).toEqual([]);
});

/** A page whose policy stops nothing: what holds here does not need one. Returns what happens that must not. */
async function openBarePage(page: Page): Promise<string[]> {
  const asked: string[] = [];
  const address = 'http://bare.example/';
  await page.route('**', async (route) => {
    if (route.request().url() === address && asked.length === 0)
      await route.fulfill({
        contentType: 'text/html',
        body: '<!doctype html><title>Bare</title><body></body>',
      });
    else {
      asked.push(route.request().url());
      await route.abort();
    }
  });
  page.on('dialog', (dialog) => {
    asked.push(dialog.message());
    void dialog.dismiss();
  });
  await page.goto(address);
  return asked;
}

/** The product's renderer with all that it imports, as `window.Renderer`. */
async function rendererAsScript(): Promise<string> {
  const result = await build({
    configFile: false,
    logLevel: 'silent',
    build: {
      write: false,
      minify: false,
      lib: { entry: 'src/lib/components/chat/render-markdown.ts', formats: ['iife'], name: 'Renderer' },
    },
  });
  const [bundle] = Array.isArray(result) ? result : [result];
  if (!bundle || !('output' in bundle)) throw new Error('The renderer was not built.');
  return bundle.output[0].code;
}

/** Runs in the page. Puts each into it as the product does, and returns what is there that may not be. */
function showAll(texts: string[]): string[] {
  const { Renderer } = window as unknown as { Renderer: { renderMarkdown(text: string): string } };
  const tags = new Set(
    'A P BR HR H3 H4 H5 H6 UL OL LI STRONG EM DEL CODE PRE BLOCKQUOTE TABLE THEAD TBODY TR TH TD SPAN'.split(
      ' ',
    ),
  );
  const attributes = new Set(['href', 'rel', 'target', 'class', 'start', 'align']);
  const bad: string[] = [];
  for (const text of texts) {
    document.body.innerHTML = Renderer.renderMarkdown(text);
    for (const element of document.body.querySelectorAll('*')) {
      const leadsSafely =
        !(element instanceof HTMLAnchorElement) ||
        (['http:', 'https:', 'mailto:'].includes(element.protocol) && element.relList.contains('noopener'));
      const fits =
        tags.has(element.tagName) &&
        element.getAttributeNames().every((name) => attributes.has(name)) &&
        leadsSafely;
      if (!fits) bad.push(`${element.outerHTML.slice(0, 200)} of ${text}`);
    }
  }
  return bad;
}
