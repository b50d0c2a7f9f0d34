import { io } from 'socket.io-client';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { createSocketLink, type ChannelSocket } from '../../src/lib/components/channel-socket.ts';
import { ConversationClient } from '../../src/lib/components/conversation-client.svelte.ts';
import { createFallbackLink } from '../../src/lib/components/fallback-link.ts';
import { createPageLink } from '../../src/lib/components/page-link.ts';
import { channelVersion } from '../../src/lib/contracts/socket-events.ts';
import { practicePeople } from '../../src/lib/sandbox/people.ts';
import { serveApi, type ApiServer } from '../support/api-server.ts';
import { startFaultProxy, type FaultProxy } from '../support/fault-proxy.ts';
import { startApp, type RunningApp, type SignedIn } from '../support/running-app.ts';

const [ada] = practicePeople;
if (!ada) throw new Error('There are practice people.');

let running: RunningApp;
let pages: ApiServer;
let me: SignedIn;
/** Stands for the channel's port as the browser sees it. */
let port: FaultProxy;
const clients: ConversationClient[] = [];

beforeAll(async () => {
  running = await startApp();
  pages = await serveApi(running.app);
  me = await running.join(ada);
});
beforeEach(async () => {
  port = await startFaultProxy({ port: Number(new URL(running.app.channel?.url ?? '').port) });
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  await port.close();
});
afterAll(async () => {
  await pages.close();
  await running.close();
});

async function openTab(who: SignedIn = me, pagesUrl = pages.url) {
  const { origin } = running.app.settings;
  const headers = { cookie: who.cookie, origin };
  const socket = io(`http://127.0.0.1:${port.port}`, {
    autoConnect: false,
    forceNew: true,
    transports: ['websocket'],
    auth: { channelVersion },
    reconnectionDelay: 20,
    reconnectionDelayMax: 50,
    extraHeaders: headers,
  }) as ChannelSocket;
  // What a browser adds by itself.
  const fetchAsPage: typeof fetch = (address, init) =>
    fetch(address, { ...init, headers: { ...(init?.headers as Record<string, string>), ...headers } });
  const page = createPageLink({ origin: pagesUrl, fetch: fetchAsPage, firstRetryMs: 20 });
  const client = new ConversationClient({
    url: '',
    build: 'development',
    link: createFallbackLink(createSocketLink(socket), page),
    schedule: (flush) => setImmediate(flush),
  });
  clients.push(client);
  const { conversationId } = await running.app.services.conversations.create(me.actor, {
    projectKey: 'DEMO',
    choices: {},
  });
  const { summary, events } = await running.app.services.conversations.open(me.actor, conversationId);
  client.open({ summary, events });
  return { client, socket, conversationId };
}

/** Waits until the page shows the journal's end, and the agent rests. */
async function untilRested(client: ConversationClient, conversationId: string): Promise<void> {
  const isWhole = async () => {
    const { summary, lastSeq } = await running.app.services.conversations.open(me.actor, conversationId);
    return summary.status !== 'working' && lastSeq === client.conversation?.lastSeq;
  };
  await expect.poll(isWhole, { timeout: 20_000 }).toBe(true);
}

it('a page whose channel is blocked goes over its own origin, live, and says so', async () => {
  port.refuse(true);
  const { client, conversationId } = await openTab();
  client.connect();
  await expect.poll(() => client.connection, { timeout: 10_000 }).toBe('live');
  expect(client.overPage).toBe(true);
  expect(await client.send('Customers export invoices as PDF.')).toMatchObject({ ok: true });
  await untilRested(client, conversationId);
  expect(client.outbox).toEqual([]);
  expect(client.conversation?.timeline[0]).toMatchObject({ kind: 'message', role: 'user' });
  await expect.poll(() => Object.keys(client.changedSummaries)).toEqual([conversationId]);
});

it('goes back to the channel as soon as it answers, and misses nothing', async () => {
  port.refuse(true);
  const { client, conversationId } = await openTab();
  client.connect();
  await expect.poll(() => client.overPage, { timeout: 10_000 }).toBe(true);
  await client.send('Customers export invoices as PDF.');
  port.refuse(false);
  await expect.poll(() => client.overPage, { timeout: 10_000 }).toBe(false);
  await expect.poll(() => client.connection, { timeout: 10_000 }).toBe('live');
  await client.send('As CSV too.');
  await untilRested(client, conversationId);
  const said = client.conversation?.timeline.filter(
    (entry) => entry.kind === 'message' && entry.role === 'user',
  );
  const queued = client.conversation?.queued ?? [];
  expect((said?.length ?? 0) + queued.length).toBe(2);
});

it('is offline where neither answers: the server is down', async () => {
  port.refuse(true);
  const { client, socket } = await openTab(me, 'http://127.0.0.1:9');
  let tries = 0;
  socket.on('connect_error', () => tries++);
  client.connect();
  await expect.poll(() => tries, { timeout: 10_000 }).toBeGreaterThan(4);
  expect(client.connection).toBe('offline');
  expect(await client.send('Kept here.')).toMatchObject({ ok: false, problem: { code: 'offline' } });
  expect(client.outbox).toMatchObject([{ text: 'Kept here.', state: 'waiting' }]);
});

it('is signed out over its own origin, too', async () => {
  port.refuse(true);
  const again = await running.signIn(ada);
  const { client } = await openTab(again);
  client.connect();
  await expect.poll(() => client.connection, { timeout: 10_000 }).toBe('live');
  const live = await running.app.services.session.authenticate(again.cookie.split('=')[1]);
  if (live) await running.app.services.session.signOut(live, 'test-request-1');
  await expect.poll(() => client.connection).toBe('signed_out');
});
