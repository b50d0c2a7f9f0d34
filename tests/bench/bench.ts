/**
 * `npm run bench`: what the product adds to its model's tokens, how much it streams, how fast its pages answer. Exits with
 * 1 where an owner's floor is broken. `--short` tries the bench itself, `--record` puts the tables into
 * docs/performance.md, `--profile` shows instead where the processor's time goes.
 */
import { writeFileSync } from 'node:fs';
import { cpus, loadavg, platform, release } from 'node:os';
import { join } from 'node:path';
import { measureAddedDelay, type AddedDelay, type Load } from './added-delay.ts';
import { judge } from './floors.ts';
import { outputFolder, startProductProcess } from './product-process.ts';
import { summariseProfile } from './profile-summary.ts';
import { measureReadEndpoints } from './read-endpoints.ts';
import { record } from './record.ts';
import { startRemotes, type Remotes } from './remotes-process.ts';
import { renderReport, type Results } from './report.ts';
import { measureSaturation } from './saturation.ts';
import { measureWholePath } from './whole-path.ts';
import { joinEverybody } from './writing-tabs.ts';

const short = process.argv.includes('--short');
const loads: Load[] = short
  ? [
      { streams: 1, starts: 3, tokensEach: 10 },
      { streams: 10, starts: 10, tokensEach: 20 },
    ]
  : [
      { streams: 1, starts: 12, tokensEach: 15 },
      { streams: 10, starts: 20, tokensEach: 75 },
      { streams: 50, starts: 50, tokensEach: 200 },
    ];
const saturated = { conversations: short ? 3 : 10, tokensEach: short ? 500 : 4_000 };

const remotes = await startRemotes();
try {
  if (process.argv.includes('--profile')) await profile(remotes);
  else await bench(remotes);
} finally {
  remotes.stop();
}

async function bench({ llmUrl, ...urls }: Remotes): Promise<void> {
  const startedAt = new Date().toISOString();
  const loadBefore = oneMinuteLoad();
  const product = await startProductProcess({ llmUrl, ...urls });
  try {
    const people = await joinEverybody(product);
    const [reader] = people;
    if (!reader) throw new Error('Nobody has joined.');
    // The first of everything compiles and connects; nobody would call that the product's pace.
    await measureSaturation(product, people, { conversations: 3, tokensEach: 200 });
    const wholePath = await measureWholePath(product, people, {
      modelFirstTokenMs: 300,
      conversations: short ? 2 : 5,
    });
    const addedDelays: AddedDelay[] = [];
    for (const load of loads) addedDelays.push(await measureAddedDelay(product, people, llmUrl, load));
    const saturation = await measureSaturation(product, people, saturated);
    const endpoints = await measureReadEndpoints(product, reader, short ? 1 : 5);

    const results: Results = {
      startedAt,
      short,
      machine: {
        cpu: cpus()[0]?.model ?? 'unknown',
        cores: cpus().length,
        node: process.versions.node,
        platform: `${platform()} ${release()}`,
      },
      load: { before: loadBefore, after: oneMinuteLoad() },
      engine: product.engine,
      wholePath,
      addedDelays,
      saturation,
      endpoints,
      floors: judge({ wholePath, endpoints }),
    };
    const report = renderReport(results);
    const file = join(outputFolder, `${startedAt.replaceAll(':', '-')}.json`);
    writeFileSync(file, JSON.stringify(results, null, 2));
    process.stdout.write(`${report}\n\nStored as ${file}\n`);
    if (process.argv.includes('--record')) await record(report);
    if (results.floors.some(({ ok }) => !ok)) process.exitCode = 1;
  } finally {
    await product.stop();
  }
}

async function profile({ llmUrl, ...urls }: Remotes): Promise<void> {
  const product = await startProductProcess({ llmUrl, ...urls });
  try {
    const people = await joinEverybody(product);
    const load: Load = { streams: 50, starts: 50, tokensEach: 200 };
    const file = join(outputFolder, 'streams.cpuprofile');
    await product.profile(file, () => measureAddedDelay(product, people, llmUrl, load));
    console.table(summariseProfile(file));
  } finally {
    await product.stop();
  }
}

function oneMinuteLoad(): number {
  return loadavg()[0] ?? NaN;
}
