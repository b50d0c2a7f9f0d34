/**
 * `npm run bench`: what the product adds to its model's tokens, how much it streams, how fast its pages answer. Exits with
 * 1 where an owner's floor is broken. `--short` tries the bench itself, `--record` puts the tables into
 * docs/performance.md, `--profile` shows instead where the processor's time goes.
 */
import { writeFileSync } from 'node:fs';
import { cpus, loadavg, platform, release } from 'node:os';
import { join } from 'node:path';
import { measureAddedDelay, type Load } from './added-delay.ts';
import { measureConversationBytes } from './conversation-bytes.ts';
import { judge } from './floors.ts';
import { measureNodeShares } from './node-shares.ts';
import { installPeers, peers, startPeer, type Peer } from './peer-servers.ts';
import { outputFolder, startProductProcess } from './product-process.ts';
import { summariseProfile } from './profile-summary.ts';
import { measureReadEndpoints } from './read-endpoints.ts';
import { record } from './record.ts';
import { startRemotes, type RemoteUrls, type Remotes } from './remotes-process.ts';
import { renderReport, type Results } from './report.ts';
import { measureResumedAnswer } from './resumed-answer.ts';
import { measureSaturation } from './saturation.ts';
import { measureWholePath } from './whole-path.ts';
import type { StreamingServer } from './streaming-server.ts';
import { joinEverybody, productServer } from './writing-tabs.ts';

const short = process.argv.includes('--short');
const loads: Load[] = short
  ? [
      { streams: 1, starts: 3, tokensEach: 10 },
      { streams: 10, starts: 10, tokensEach: 20 },
    ]
  : [
      { streams: 1, starts: 20, tokensEach: 15 },
      { streams: 10, starts: 30, tokensEach: 75 },
      { streams: 50, starts: 75, tokensEach: 200 },
      { streams: 200, starts: 220, tokensEach: 800 },
    ];
const saturated = { conversations: short ? 3 : 10, tokensEach: short ? 500 : 4_000 };

await installPeers();
const remotes = await startRemotes();
try {
  if (process.argv.includes('--profile')) await profile(remotes);
  else await bench(remotes);
} finally {
  remotes.stop();
}

async function bench(urls: Remotes): Promise<void> {
  const startedAt = new Date().toISOString();
  const loadBefore = oneMinuteLoad();
  const streams: Streams = { addedDelays: [], saturations: [] };
  const product = await startProductProcess(urls);
  try {
    const people = await joinEverybody(product);
    const [reader] = people;
    if (!reader) throw new Error('Nobody has joined.');
    const server = productServer(product, people);
    await warmUp(server, urls.llmUrl);
    const wholePath = await measureWholePath(server, {
      modelFirstTokenMs: 300,
      conversations: short ? 2 : 5,
    });
    await measureStreams(server, urls.llmUrl, streams);
    const resumedMs = await measureResumedAnswer(product, reader, {
      llmUrl: urls.llmUrl,
      conversations: short ? 3 : 20,
    });
    const turns = 20;
    const longConversation = { turns, bytes: await measureConversationBytes(product, reader, turns) };
    const endpoints = await measureReadEndpoints(product, reader, short ? 1 : 5);
    await product.stop();
    const nodeShares = await measureNodeShares(urls, { conversations: short ? 3 : 30 });
    const uwsSkipped = await measureUws(urls, streams);
    for (const peer of peers) await measurePeer(peer, urls.llmUrl, streams);

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
      resumedMs,
      nodeShares,
      longConversation,
      ...streams,
      endpoints,
      uwsSkipped,
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

type Streams = Pick<Results, 'addedDelays' | 'saturations'>;

async function measureStreams(server: StreamingServer, llmUrl: string, into: Streams): Promise<void> {
  for (const load of loads) into.addedDelays.push(await measureAddedDelay(server, llmUrl, load));
  into.saturations.push(await measureSaturation(server, saturated));
}

/** The first of everything compiles and connects; nobody would call that a server's pace. */
async function warmUp(server: StreamingServer, llmUrl: string): Promise<void> {
  await measureSaturation(server, { conversations: 3, tokensEach: 200 });
  if (!short) await measureAddedDelay(server, llmUrl, { streams: 10, starts: 60, tokensEach: 20 });
}

/** Adds what the other socket engine reaches; or says why it was left out. */
async function measureUws(urls: RemoteUrls, streams: Streams): Promise<string | null> {
  const wrapper = process.env.UWS_TEST_WRAPPER;
  let product;
  try {
    product = await startProductProcess(urls, { engine: 'uws', ...(wrapper ? { wrapper } : {}) });
  } catch (error) {
    return `It does not start here (${(error as Error).message}); UWS_TEST_WRAPPER names a command that runs it under a newer C library.`;
  }
  try {
    if (product.engine !== 'uws')
      return 'It does not load on this machine; UWS_TEST_WRAPPER was not set or did not help.';
    const server = productServer(product, await joinEverybody(product));
    await warmUp(server, urls.llmUrl);
    await measureStreams(server, urls.llmUrl, streams);
    return null;
  } finally {
    await product.stop();
  }
}

async function measurePeer(peer: Peer, llmUrl: string, streams: Streams): Promise<void> {
  const server = await startPeer(peer, llmUrl);
  try {
    await warmUp(server, llmUrl);
    await measureStreams(server, llmUrl, streams);
  } finally {
    await server.stop();
  }
}

async function profile(urls: Remotes): Promise<void> {
  const product = await startProductProcess(urls);
  try {
    const server = productServer(product, await joinEverybody(product));
    await warmUp(server, urls.llmUrl);
    const load: Load = { streams: 50, starts: 50, tokensEach: 200 };
    const file = join(outputFolder, 'streams.cpuprofile');
    await product.profile(file, () => measureAddedDelay(server, urls.llmUrl, load));
    console.table(summariseProfile(file));
  } finally {
    await product.stop();
  }
}

function oneMinuteLoad(): number {
  return loadavg()[0] ?? NaN;
}
