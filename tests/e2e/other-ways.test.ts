import type { Locator, Page } from '@playwright/test';
import { settleIn } from './support/accounts.ts';
import { expect, test } from './support/test.ts';
import { answerQuestions, describeRequirement, reviewReady, workspace } from './support/workspace.ts';

const fromRightToLeft =
  'يجب أن يتمكن العملاء من تصدير الفواتير بصيغة PDF أو CSV، وإرسالها بالبريد الإلكتروني أيضًا، مع سجل للتدقيق.';
/** What a window of 1280 by 900 pixels leaves at a zoom of 200%. */
const zoomed = { width: 640, height: 450 };

test('The workspace holds in forced colours, at double size, at rest and from right to left', async ({
  page,
  product,
}) => {
  const { talk, questions, message, approve } = workspace(page);
  await settleIn(page, product, product.person('Alice Martin'));

  await test.step('a screen reader hears states, and finds the parts by their names', async () => {
    await describeRequirement(page, product, fromRightToLeft);
    await expect(questions).toBeVisible();
    const heard = page.getByRole('status').filter({ hasText: /questions? for you\./ });
    await expect(heard).toHaveAttribute('aria-live', 'polite');
    await answerQuestions(page);
    await reviewReady(page);
    await expect(
      page.getByRole('status').filter({ hasText: /(is|are) ready for your review\./ }),
    ).toBeAttached();
    const parts = page.getByRole('main');
    for (const name of ['Conversation and message', 'Stories', 'Story cards'])
      await expect(parts.getByRole('region', { name, exact: true })).toBeVisible();
    await expect(page.getByRole('complementary', { name: 'Conversations' })).toBeVisible();
  });

  await test.step('text runs from the side of its own first letter', async () => {
    const own = talk.getByText(fromRightToLeft).first();
    expect(await sideOf(own)).toBe('right');
    expect(await sideOf(page.getByRole('heading', { name: 'Stories', level: 2 }))).toBe('left');
    await message.fill('אנא קצרו את הסיפור הראשון');
    await expect(message).toHaveCSS('unicode-bidi', 'plaintext');
    await message.fill('');
  });

  await test.step('where a ground cannot tell, an edge tells', async () => {
    await page.emulateMedia({ forcedColors: 'active' });
    await expect(page.locator('nav [aria-current=page]').first()).toHaveCSS('outline-style', 'solid');
    const edge = await approve.evaluate((button) => getComputedStyle(button).borderTopColor);
    const ground = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    expect(edge).not.toBe(ground);
    await page.emulateMedia({ forcedColors: 'none' });
  });

  await test.step('nothing moves for somebody who wants rest', async () => {
    await page.emulateMedia({ reducedMotion: 'reduce' });
    expect(await longestMotionSeconds(page)).toBeLessThanOrEqual(0.001);
  });

  await test.step('at double size nothing is lost, and nothing scrolls in two directions', async () => {
    await page.setViewportSize(zoomed);
    await expect(message).toBeInViewport();
    await expectNoSidewaysScroll(page);
    await page
      .getByRole('group', { name: 'What to show' })
      .getByRole('button', { name: /^Stories/ })
      .click();
    await expect(approve).toBeInViewport();
    await approve.click();
    const create = page.getByRole('dialog').getByRole('button', { name: /^Create \d+ issues?$/ });
    await create.scrollIntoViewIfNeeded();
    await expect(create).toBeInViewport({ ratio: 1 });
    await page.keyboard.press('Escape');
    await expectNoSidewaysScroll(page);
    for (const place of ['dashboard', 'configurations', 'rules', 'tools', 'profile', 'creator']) {
      await page.goto(`${product.url}/${place}`);
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
      await expectNoSidewaysScroll(page);
    }
  });
});

/** On which side of its box the last line of a text stands: the one that leaves room. */
function sideOf(text: Locator): Promise<'left' | 'right'> {
  return text.evaluate((element) => {
    const range = document.createRange();
    range.selectNodeContents(element);
    const last = [...range.getClientRects()].at(-1);
    const box = element.getBoundingClientRect();
    if (!last) throw new Error('It holds no text.');
    // A box that is as wide as its text leaves room on neither side: its direction decides.
    const [left, right] = [last.left - box.left, box.right - last.right];
    return left > right + 1 ? 'right' : 'left';
  });
}

/** The longest transition or animation of anything on the page. */
function longestMotionSeconds(page: Page): Promise<number> {
  return page.evaluate(() =>
    Math.max(
      ...[...document.querySelectorAll('*')].flatMap((element) => {
        const { transitionDuration, animationDuration } = getComputedStyle(element);
        return `${transitionDuration},${animationDuration}`
          .split(',')
          .map((told) => Number.parseFloat(told) || 0);
      }),
    ),
  );
}

async function expectNoSidewaysScroll(page: Page): Promise<void> {
  const beyond = await page.evaluate(() =>
    [document.documentElement, ...document.querySelectorAll('main, main [role=region]')].map(
      ({ scrollWidth, clientWidth }) => scrollWidth - clientWidth,
    ),
  );
  expect(Math.max(...beyond), page.url()).toBeLessThanOrEqual(0);
}
