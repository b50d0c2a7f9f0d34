/**
 * `npm run bench`: what the product adds to its model's tokens, how much it streams, how fast its pages answer. Exits with
 * 1 where an owner's floor is broken. `--part NAME` measures one part and shows the others as they were last stored,
 * `--short` tries the bench itself, `--record` puts the tables into docs/performance.md, `--profile` shows instead where the
 * processor's time goes, `--streams N` at how many streams.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { measureAddedDelay, runLoad, type DirectTimes, type Load } from './added-delay.ts';
import { measureConversationBytes } from './conversation-bytes.ts';
import { judge } from './floors.ts';
import { measureNodeShares } from './node-shares.ts';
import { installPeers, peers, startPeer } from './peer-servers.ts';
import { outputFolder, startProductProcess } from './product-process.ts';
import { summariseProfile } from './profile-summary.ts';
import { measureReadEndpoints } from './read-endpoints.ts';
import { record } from './record.ts';
import { startRemotes, type RemoteUrls } from './remotes-process.ts';
import { renderReport, type ProductPart, type Streams, type UwsPart } from './report.ts';
import { measureResumedAnswer } from './resumed-answer.ts';
import { measureSaturation } from './saturation.ts';
import { partNames, readParts, storePart, type PartName } from './stored-parts.ts';
import { measureWholePath } from './whole-path.ts';
import type { StreamingServer } from './streaming-server.ts';
import { joinEverybody, productServer } from './writing-tabs.ts';

const { values: options } = parseArgs({
  options: {
    part: { type: 'string', multiple: true },
    short: { type: 'boolean', default: false },
    record: { type: 'boolean', default: false },
    profile: { type: 'boolean', default: false },
    streams: { type: 'string', default: '50' },
  },
});
const { short } = options;
const loads: Load[] = short
  ? [
      { streams: 1, starts: 3, tokensEach: 10 },
      { streams: 10, starts: 10, tokensEach: 20 },
    ]
  : [
      { streams: 1, starts: 40, tokensEach: 15 },
      { streams: 10, starts: 30, tokensEach: 75 },
      { streams: 50, starts: 75, tokensEach: 200 },
      { streams: 200, starts: 220, tokensEach: 800 },
    ];
const saturated = { conversations: short ? 3 : 10, tokensEach: short ? 500 : 4_000 };
const direct: DirectTimes = new Map();
const measure = { product: measureProduct, uws: measureUws, peers: measurePeers };

const wanted = (options.part ?? partNames) as PartName[];
const unknown = wanted.filter((name) => !partNames.includes(name));
if (unknown.length > 0) throw new Error(`There is no part ${unknown.join(' or ')}: ${partNames.join(', ')}.`);
if (wanted.includes('peers')) await installPeers();
const remotes = await startRemotes();
try {
  if (options.profile) await profile(remotes);
  else await bench(remotes);
} finally {
  remotes.stop();
}

async function bench(urls: RemoteUrls): Promise<void> {
  for (const name of wanted) await storePart(name, { short }, () => measure[name](urls));
  const parts = readParts({ short });
  const report = renderReport(parts);
  process.stdout.write(`${report}\n\nStored in ${outputFolder}\n`);
  if (options.record) await record(report);
  const { floors = [] } = parts.product?.found ?? {};
  if (floors.some(({ ok }) => !ok)) process.exitCode = 1;
}

async function measureProduct(urls: RemoteUrls): Promise<ProductPart> {
  const product = await startProductProcess(urls);
  try {
    const people = await joinEverybody(product);
    const [reader] = people;
    if (!reader) throw new Error('Nobody has joined.');
    const server = productServer(product, people);
    await warmUp(server);
    const wholePath = await measureWholePath(server, {
      modelFirstTokenMs: 300,
      conversations: short ? 2 : 5,
    });
    const streams = await measureStreams(server, urls.llmUrl);
    const resumedMs = await measureResumedAnswer(product, reader, {
      llmUrl: urls.llmUrl,
      conversations: short ? 3 : 20,
    });
    const turns = 20;
    const longConversation = { turns, bytes: await measureConversationBytes(product, reader, turns) };
    const endpoints = await measureReadEndpoints(product, reader, short ? 1 : 5);
    await product.stop();
    const nodeShares = await measureNodeShares(urls, { conversations: short ? 3 : 30 });
    const floors = judge({ wholePath, endpoints });
    return {
      engine: product.engine,
      ...streams,
      wholePath,
      resumedMs,
      longConversation,
      endpoints,
      nodeShares,
      floors,
    };
  } finally {
    await product.stop();
  }
}

/** What the other socket engine reaches; or why it was left out. */
async function measureUws(urls: RemoteUrls): Promise<UwsPart> {
  const wrapper = process.env.UWS_TEST_WRAPPER;
  let product;
  try {
    product = await startProductProcess(urls, { engine: 'uws', ...(wrapper ? { wrapper } : {}) });
  } catch (error) {
    const skipped = `It does not start here (${(error as Error).message}); UWS_TEST_WRAPPER names a command that runs it under a newer C library.`;
    return { addedDelays: [], saturations: [], skipped };
  }
  try {
    if (product.engine !== 'uws') {
      const skipped = 'It does not load on this machine; UWS_TEST_WRAPPER was not set or did not help.';
      return { addedDelays: [], saturations: [], skipped };
    }
    const server = productServer(product, await joinEverybody(product));
    await warmUp(server);
    return { ...(await measureStreams(server, urls.llmUrl)), skipped: null };
  } finally {
    await product.stop();
  }
}

async function measurePeers({ llmUrl }: RemoteUrls): Promise<Streams> {
  const all: Streams = { addedDelays: [], saturations: [] };
  for (const peer of peers) {
    const server = await startPeer(peer, llmUrl);
    try {
      await warmUp(server);
      const { addedDelays, saturations } = await measureStreams(server, llmUrl);
      all.addedDelays.push(...addedDelays);
      all.saturations.push(...saturations);
    } finally {
      await server.stop();
    }
  }
  return all;
}

async function measureStreams(server: StreamingServer, llmUrl: string): Promise<Streams> {
  const addedDelays = [];
  for (const load of loads) addedDelays.push(await measureAddedDelay(server, llmUrl, load, direct));
  return { addedDelays, saturations: [await measureSaturation(server, saturated)] };
}

/** The first of everything compiles and connects, and V8 goes on compiling for some hundred answers. */
async function warmUp(server: StreamingServer): Promise<void> {
  await measureSaturation(server, { conversations: 3, tokensEach: 200 });
  if (!short) await runLoad(server, { streams: 10, starts: 200, tokensEach: 20 });
}

async function profile(urls: RemoteUrls): Promise<void> {
  const product = await startProductProcess(urls);
  try {
    const server = productServer(product, await joinEverybody(product));
    await warmUp(server);
    const streams = Number(options.streams);
    const load: Load = { streams, starts: 50, tokensEach: Math.max(15, 4 * streams) };
    const file = join(outputFolder, 'streams.cpuprofile');
    await product.profile(file, () => runLoad(server, load));
    console.table(summariseProfile(file));
  } finally {
    await product.stop();
  }
}
