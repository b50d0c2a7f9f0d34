/**
 * `npm run bench:http`: how fast the read-only endpoints answer on a practice-size and on a large database, as fast as
 * they can and at 50 requests a second; how long a start takes, and how much memory the product holds at rest. Exits with
 * 1 below the owner's floors. `--record` puts the tables into docs/performance.md, `--short` tries the bench itself,
 * `--profile PATH` shows where the time of one endpoint goes.
 */
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { renderHttpReport, type HttpResults } from './http-report.ts';
import { outputFolder, startProductProcess, type ProductProcess } from './product-process.ts';
import { summariseProfile } from './profile-summary.ts';
import { measureReadLoad, readOnlyEndpoints, type LoadFigures } from './read-load.ts';
import { record } from './record.ts';
import { startRemotes } from './remotes-process.ts';
import { seedJournal } from './seed-journal.ts';
import { seedKeyHolders } from './seed-key-holders.ts';
import { measureUnchangedStart } from './unchanged-start.ts';
import { joinEverybody } from './writing-tabs.ts';

const short = process.argv.includes('--short');
const seconds = short ? 1 : 5;
const OWNERS_RATE = 50;
/** Together they may ask 4,000 times a second. */
const keyHolders = 200;
const sizes = [
  { database: 'practice size', conversations: 50, events: 2_500 },
  { database: '100,000 run events', conversations: 2_000, events: 100_000 },
];

const remotes = await startRemotes();
try {
  const profiled = process.argv.indexOf('--profile');
  if (profiled > 0) await profile(process.argv[profiled + 1] ?? '/creator');
  else await bench();
} finally {
  remotes.stop();
}

async function bench(): Promise<void> {
  const loadBefore = loadavg()[0] ?? 0;
  const results: HttpResults = {
    short,
    seconds,
    loadBefore,
    loadAfter: 0,
    ...machine(),
    sizes: [],
    start: null,
  };
  for (const size of sizes) {
    const product = await startProductProcess(remotes);
    try {
      const restingBytes = await product.residentBytes();
      const figures = await measureAll(product, size);
      const { readyAfterMs } = product;
      results.sizes.push({ ...size, figures, readyAfterMs, restingBytes });
    } finally {
      await product.stop();
    }
  }
  results.start = await measureUnchangedStart();
  results.loadAfter = loadavg()[0] ?? 0;
  const { report, kept } = renderHttpReport(results);
  process.stdout.write(`${report}\n`);
  if (process.argv.includes('--record')) await record(report, 'bench:http');
  if (!kept) process.exitCode = 1;
}

async function measureAll(product: ProductProcess, size: (typeof sizes)[number]): Promise<LoadFigures[]> {
  const [reader] = await joinEverybody(product);
  if (!reader) throw new Error('Nobody has joined.');
  seedJournal(product.dataFolder, size);
  const keys = seedKeyHolders(product.dataFolder, keyHolders);
  const caller = { person: reader, keys };
  const figures: LoadFigures[] = [];
  for (const endpoint of readOnlyEndpoints) {
    // The first of everything compiles and connects; nobody would call that the product's pace.
    await measureReadLoad(product, caller, endpoint, { seconds: 2, rate: null });
    figures.push(await measureReadLoad(product, caller, endpoint, { seconds, rate: null }));
    figures.push(await measureReadLoad(product, caller, endpoint, { seconds, rate: OWNERS_RATE }));
  }
  return figures;
}

async function profile(path: string): Promise<void> {
  const product = await startProductProcess(remotes);
  try {
    const [reader] = await joinEverybody(product);
    if (!reader) throw new Error('Nobody has joined.');
    seedJournal(product.dataFolder, { conversations: 500, events: 500 });
    const keys = seedKeyHolders(product.dataFolder, keyHolders);
    const caller = { person: reader, keys };
    const endpoint = readOnlyEndpoints.find((one) => one.path === path) ?? { name: path, path, kind: 'page' };
    await measureReadLoad(product, caller, endpoint, { seconds: 2, rate: null });
    const file = join(outputFolder, 'http.cpuprofile');
    await product.profile(file, async () => {
      console.table([await measureReadLoad(product, caller, endpoint, { seconds, rate: null })]);
    });
    console.table(summariseProfile(file, 40));
  } finally {
    await product.stop();
  }
}

function machine(): { cpu: string; cores: number } {
  return { cpu: cpus()[0]?.model ?? 'unknown', cores: cpus().length };
}
