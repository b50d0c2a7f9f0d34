/**
 * `npm run bench:channel`: what the channel alone needs on each socket engine: memory for each idle socket, a thousand
 * clients that come back at once, and catching up with a long conversation. `--record` puts the table into
 * docs/performance.md.
 */
import { loadavg } from 'node:os';
import { ulid } from 'ulid';
import { pageOrigin, cookieName, type Measured } from '../support/channel-process.ts';
import { startChannelProcess } from '../support/channel-tabs.ts';
import { openPlainSocket, type PlainSocket } from './plain-socket.ts';
import { quantiles, type Quantiles } from './quantiles.ts';
import { record } from './record.ts';
import { table } from './report.ts';

const short = process.argv.includes('--short');
const idleCounts = short ? [100, 300] : [1_000, 10_000];
const returning = short ? 100 : 1_000;
const longConversation = { events: 10_000, joins: short ? 5 : 40 };
/** Handshakes on their way at a time. */
const OPENED_AT_ONCE = 50;

interface ChannelFigures {
  engine: string;
  /** Added by each idle socket, for each of the counts. */
  bytesPerSocket: { sockets: number; bytes: number; added: number }[];
  /** From the first connection attempt until the last client has joined its conversation again. */
  stormMs: number;
  catchUpMs: Quantiles;
}

type ChannelProcess = Extract<Awaited<ReturnType<typeof startChannelProcess>>, { stop(): unknown }>;

const startedAt = new Date().toISOString();
const loadBefore = loadavg()[0] ?? NaN;
const figures: ChannelFigures[] = [];
const leftOut: string[] = [];
for (const engine of ['ws', 'uws'] as const) {
  const channel = await startChannelProcess(engine, 20_000);
  if ('unavailable' in channel) {
    leftOut.push(`${engine} was left out: ${channel.unavailable}`);
    continue;
  }
  try {
    if (channel.engine === engine) figures.push(await measure(channel));
    else leftOut.push(`${engine} was left out: it does not load here; see UWS_TEST_WRAPPER.`);
  } finally {
    await channel.stop();
  }
}
const report = render();
process.stdout.write(`${report}\n`);
if (process.argv.includes('--record')) await record(report, 'bench:channel');

async function measure(channel: ChannelProcess): Promise<ChannelFigures> {
  // Memory first: what a long conversation made the process hold would hide what sockets add.
  const bytesPerSocket = await measureIdle(channel);
  const catchUpMs = await measureCatchUp(channel);
  return { engine: channel.engine, bytesPerSocket, stormMs: await measureStorm(channel), catchUpMs };
}

async function measureIdle(channel: ChannelProcess): Promise<ChannelFigures['bytesPerSocket']> {
  // What the first sockets make the process allocate once is not theirs.
  for (const socket of await openMany(channel, 100)) socket.close();
  await untilConnections(channel, 0);
  const empty = (await channel.tell<Measured>({ do: 'measure' })).residentBytes;
  const open: PlainSocket[] = [];
  const found = [];
  for (const sockets of idleCounts) {
    open.push(...(await openMany(channel, sockets - open.length)));
    const added = (await channel.tell<Measured>({ do: 'measure' })).residentBytes - empty;
    found.push({ sockets, bytes: added / sockets, added });
  }
  for (const socket of open) socket.close();
  return found;
}

/** Clients that were in a conversation lose their sockets together, come back together, and join again. */
async function measureStorm(channel: ChannelProcess): Promise<number> {
  const { conversationId } = await channel.tell<{ conversationId: string }>({ do: 'new_conversation' });
  const [first] = await openMany(channel, 1);
  if (!first) throw new Error('No socket.');
  await send(first, conversationId, 'tokens 200');
  for (const socket of await openMany(channel, returning)) socket.close();
  first.close();
  await untilConnections(channel, 0);
  const begunAt = performance.now();
  const back = await Promise.all(
    Array.from({ length: returning }, async () => {
      const socket = await open(channel);
      const ack = await socket.ask('conversation:join', { conversationId, afterSeq: 0 });
      if (!ack.ok) throw new Error('A client that came back was not let in.');
      return socket;
    }),
  );
  const took = performance.now() - begunAt;
  for (const socket of back) socket.close();
  await untilConnections(channel, 0);
  return took;
}

async function measureCatchUp(channel: ChannelProcess): Promise<Quantiles> {
  const { conversationId } = await channel.tell<{ conversationId: string }>({ do: 'new_conversation' });
  const writer = await open(channel);
  await send(writer, conversationId, `bulk ${longConversation.events / 2} 40`);
  writer.close();
  const waited: number[] = [];
  for (let n = 0; n < longConversation.joins; n += 1) {
    const reader = await open(channel);
    const begunAt = performance.now();
    await caughtUp(reader, conversationId, longConversation.events);
    waited.push(performance.now() - begunAt);
    reader.close();
  }
  return quantiles(waited);
}

/** Resolves once the conversation's events up to `lastSeq` are here. */
async function caughtUp(socket: PlainSocket, conversationId: string, lastSeq: number): Promise<void> {
  const there = Promise.withResolvers<void>();
  socket.onPacket = (packet) => {
    if (!packet.startsWith('42["conversation:events"')) return;
    const [, { events }] = JSON.parse(packet.slice(2)) as [string, { events: { seq: number }[] }];
    if ((events.at(-1)?.seq ?? 0) >= lastSeq) there.resolve();
  };
  await socket.ask('conversation:join', { conversationId, afterSeq: 0 });
  await there.promise;
}

/** Sends a message and waits until its run is over. */
async function send(socket: PlainSocket, conversationId: string, text: string): Promise<void> {
  const over = Promise.withResolvers<void>();
  socket.onPacket = (packet) => {
    if (packet.includes('"type":"run_ended"')) over.resolve();
  };
  await socket.ask('conversation:join', { conversationId, afterSeq: 0 });
  await socket.ask('message:send', { conversationId, messageId: ulid(), text, draftIds: [] });
  await over.promise;
}

function open({ url, cookies }: ChannelProcess): Promise<PlainSocket> {
  return openPlainSocket(url, { cookie: `${cookieName}=${cookies.ada}`, origin: pageOrigin });
}

async function openMany(channel: ChannelProcess, count: number): Promise<PlainSocket[]> {
  const sockets: PlainSocket[] = [];
  while (sockets.length < count) {
    const wave = Math.min(OPENED_AT_ONCE, count - sockets.length);
    sockets.push(...(await Promise.all(Array.from({ length: wave }, () => open(channel)))));
  }
  return sockets;
}

async function untilConnections(channel: ChannelProcess, count: number): Promise<void> {
  while ((await channel.tell<number>({ do: 'connections' })) !== count)
    await new Promise((resolve) => setTimeout(resolve, 20));
}

function render(): string {
  const megabytes = (bytes: number) => `${(bytes / 1024 / 1024).toFixed(0)} MiB`;
  return [
    `Run at ${startedAt}${short ? ', **short run**' : ''}. Load average over one minute: ${loadBefore.toFixed(1)} before.`,
    table(
      [
        'engine',
        ...idleCounts.map((count) => `${count.toLocaleString('en')} idle sockets add`),
        `${returning.toLocaleString('en')} clients are back after`,
        `catching up with ${longConversation.events.toLocaleString('en')} events, p50 / p95`,
      ],
      figures.map(({ engine, bytesPerSocket, stormMs, catchUpMs }) => [
        engine,
        ...bytesPerSocket.map(
          ({ bytes, added }) => `${megabytes(added)} (${(bytes / 1024).toFixed(1)} KiB each)`,
        ),
        `${stormMs.toFixed(0)} ms`,
        `${catchUpMs.p50.toFixed(0)} / ${catchUpMs.p95.toFixed(0)} ms`,
      ]),
    ),
    ...leftOut,
  ].join('\n\n');
}
