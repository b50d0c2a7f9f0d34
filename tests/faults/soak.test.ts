import { afterAll, beforeAll, expect, test } from 'vitest';
import { alice } from '../../src/lib/sandbox/people.ts';
import { createdKeys } from '../support/jira-truth.ts';
import { startLiveProduct, type LiveProduct } from '../support/live-product.ts';
import { requirement, talkOver } from '../support/main-job.ts';
import { createVisitor, type Visitor } from '../support/page-visitor.ts';
import { openSocketTab } from '../support/socket-client.ts';

/** Ten minutes of a person who works without a pause; a few rounds of it in every test run. SOAK_MINUTES sets another length. */
const isLong = process.env.TEST_SCALE === 'long';
const minutes = Number(process.env.SOAK_MINUTES ?? (isLong ? 10 : 0));
const fewestRounds = 3;
/** The first rounds compile code and fill caches. */
const warmUpShare = 0.3;
/** Garbage that nobody has collected yet is more than this now and then; what leaks is more than this in the end. */
const mayGrowBytes = 12 * 1024 * 1024;

let product: LiveProduct;
let visitor: Visitor;
beforeAll(async () => {
  product = await startLiveProduct({ env: { LOG_LEVEL: 'warn' } });
  visitor = createVisitor(product);
  await visitor.join(alice);
});
afterAll(() => product?.stop());

test(
  'Round after round, every story is created once, nothing stays open, and memory stays flat',
  async () => {
    const endsAt = performance.now() + minutes * 60_000;
    const heaps: number[] = [];
    const resident: number[] = [];
    let created = 0;
    while (heaps.length < fewestRounds || performance.now() < endsAt) {
      created += await workOneRound();
      const told = await metrics();
      heaps.push(told('nodejs_heap_size_used_bytes'));
      resident.push(told('process_resident_memory_bytes'));
      expect(told('backlogue_sockets')).toBe(0);
    }
    expect(product.log()).not.toContain('"level":"error"');
    const grown = growth(heaps);
    const inMib = (bytes: number) => `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
    console.info(
      `${heaps.length} rounds, ${created} issues; heap grown by ${inMib(grown)} to ${inMib(heaps.at(-1) ?? NaN)}, ` +
        `resident memory by ${inMib(growth(resident))} to ${inMib(resident.at(-1) ?? NaN)}`,
    );
    if (minutes > 0) expect(grown).toBeLessThan(mayGrowBytes);
  },
  minutes * 60_000 + 120_000,
);

/** Opens the workspace, writes stories with an answer to each question, creates them, looks around, and closes the tab. */
async function workOneRound(): Promise<number> {
  const submitted = await visitor.submit('/creator?/create', { text: requirement, projectKey: 'DEMO' });
  const conversationId = submitted.headers.location?.split('/').at(-1) ?? '';
  const tab = await openSocketTab(product.channelUrl, {
    cookie: visitor.cookieHeader(),
    origin: product.origin,
  });
  const talk = talkOver(tab, conversationId);
  await talk.joined();
  await tab.until(() => ['needs_answer', 'needs_review'].includes(talk.status()));
  while (talk.status() === 'needs_answer') await talk.skipQuestions();
  const stories = talk.ready();
  await talk.approve(stories);
  for (const { id } of stories) await talk.untilDraft(id, ({ status }) => status === 'created');
  expect(createdKeys(product.sandbox)).toHaveLength(stories.length);
  product.sandbox.ledger.clear();
  for (const path of ['/dashboard', '/creator', `/creator/${conversationId}`, '/tools', '/profile'])
    expect((await visitor.get(path)).status).toBe(200);
  tab.close();
  await expect.poll(async () => (await metrics())('backlogue_sockets')).toBe(0);
  return stories.length;
}

async function metrics(): Promise<(name: string) => number> {
  const { body } = await visitor.get('/metrics');
  return (name) => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(body)?.[1] ?? NaN);
}

/** From the least that was held early to the least that was held late: the least is what no collection can free. */
function growth(heaps: number[]): number {
  const warm = heaps.slice(Math.floor(heaps.length * warmUpShare));
  const third = Math.max(1, Math.floor(warm.length / 3));
  return Math.min(...warm.slice(-third)) - Math.min(...warm.slice(0, third));
}
