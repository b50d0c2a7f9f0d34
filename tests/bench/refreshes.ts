/**
 * `npm run bench:refreshes`: whether reading 1,000 people's tool lists at once delays the streaming of others. Exits with
 * 1 where the event loop's lag reaches 50 ms at its p99 meanwhile, or a refresh fails. `--short` tries the bench itself.
 */
import { cpus, loadavg } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { startProductProcess, type ProductProcess } from './product-process.ts';
import { quantiles, type Quantiles } from './quantiles.ts';
import { startRemotes } from './remotes-process.ts';
import { seedRefreshes } from './seed-refreshes.ts';
import type { OpenStreams } from './streaming-server.ts';
import { joinEverybody, productServer } from './writing-tabs.ts';

const short = process.argv.includes('--short');
const people = short ? 50 : 1_000;
const streams = 10;
/** As a good model writes: 50 tokens a second, for three seconds. */
const script = { firstTokenMs: 0, tokens: 150, gapMs: 20 };
const quietMs = short ? 3_000 : 15_000;
const mostLagMs = 50;
/** Far beyond what it takes; a bench that hangs is worse than one that says so. */
const longestMs = 150_000;

interface Phase {
  name: string;
  seconds: number;
  answers: number;
  lagMs: Quantiles;
  tokenAgeMs: Quantiles;
}

const remotes = await startRemotes();
const product = await startProductProcess(remotes);
try {
  await bench(product);
} finally {
  await product.stop();
  remotes.stop();
}

async function bench(product: ProductProcess): Promise<void> {
  const loadBefore = loadavg()[0] ?? 0;
  const joined = await joinEverybody(product);
  const open = await productServer(product, joined).open({ atOnce: streams, count: short ? 40 : 480 });
  const without = await phase('streams alone', open, () => wait(quietMs));
  const refreshes = await seedRefreshes(product.dataFolder, remotes.jiraUrl, people);
  const during = await phase(`${people} refreshes beside them`, open, async () => {
    const deadline = performance.now() + longestMs;
    while (refreshes.state().unfinished > 0 && performance.now() < deadline) await wait(250);
  });
  const { unfinished, failed } = refreshes.state();
  refreshes.close();
  open.close();
  process.stdout.write(
    [
      `${streams} streams of 50 tokens/s, ${people} tool lists, ${cpus().length} cores, Node ${process.versions.node}, load ${loadBefore.toFixed(1)} before and ${(loadavg()[0] ?? 0).toFixed(1)} after.`,
      ...[without, during].map(told),
      `Refreshes: ${people - unfinished - failed} done, ${failed} failed, ${unfinished} unfinished.`,
      '',
    ].join('\n'),
  );
  if (during.lagMs.p99 >= mostLagMs || failed > 0 || unfinished > 0) process.exitCode = 1;
}

/** Keeps all streams going for as long as `meanwhile` takes, and a little longer: each ends what it began. */
async function phase(name: string, open: OpenStreams, meanwhile: () => Promise<unknown>): Promise<Phase> {
  const tokenAges: number[] = [];
  let answers = 0;
  let isOver = false;
  const startedAt = performance.now();
  await product.startLag();
  async function stream(): Promise<void> {
    while (!isOver) {
      const answer = open.answers.shift();
      if (!answer) return;
      tokenAges.push(...(await answer(script)).tokenAgesMs);
      answers += 1;
    }
  }
  const running = Promise.all(Array.from({ length: streams }, stream));
  await meanwhile();
  const lagMs = quantiles(await product.lagMs());
  const seconds = (performance.now() - startedAt) / 1_000;
  isOver = true;
  await running;
  return { name, seconds, answers, lagMs, tokenAgeMs: quantiles(tokenAges) };
}

function told({ name, seconds, answers, lagMs, tokenAgeMs }: Phase): string {
  const three = ({ p50, p95, p99 }: Quantiles) => [p50, p95, p99].map((ms) => ms.toFixed(1)).join(' / ');
  return `${name}: ${seconds.toFixed(0)} s, ${answers} answers; event-loop lag ${three(lagMs)} ms; age of a token ${three(tokenAgeMs)} ms (p50 / p95 / p99).`;
}
