import { io } from 'socket.io-client';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { noAnswer } from '../../src/lib/components/channel-link.ts';
import { createSocketLink, type ChannelSocket } from '../../src/lib/components/channel-socket.ts';
import { ConversationClient } from '../../src/lib/components/conversation-client.svelte.ts';
import { channelVersion, type Ack } from '../../src/lib/contracts/socket-events.ts';
import { cookieName, pageOrigin } from '../support/channel-process.ts';
import { startChannelProcess } from '../support/channel-tabs.ts';

type Running = Exclude<Awaited<ReturnType<typeof startChannelProcess>>, { unavailable: string }>;
let channel: Running;
const clients: ConversationClient[] = [];

beforeAll(async () => {
  const process = await startChannelProcess('ws');
  if ('unavailable' in process) throw new Error(process.unavailable);
  channel = process;
});
afterEach(() => {
  for (const client of clients.splice(0)) client.close();
});
afterAll(() => channel.stop());

function newTab({ cookie = channel.cookies.ada, storage = memoryStorage(), build = 'test-build' } = {}) {
  const socket = io(channel.url, {
    autoConnect: false,
    forceNew: true,
    transports: ['websocket'],
    auth: { channelVersion },
    reconnectionDelay: 10,
    extraHeaders: { origin: pageOrigin, cookie: `${cookieName}=${cookie}` },
  }) as ChannelSocket;
  const client = new ConversationClient({
    url: '',
    build,
    storage,
    link: createSocketLink(socket),
    schedule: (flush) => setImmediate(flush),
  });
  clients.push(client);
  return { client, socket, storage };
}

async function openNew(client: ConversationClient): Promise<string> {
  const { conversationId: id } = await channel.tell<{ conversationId: string }>({ do: 'new_conversation' });
  const summary = {
    id,
    title: 'New',
    status: 'empty',
    projectKey: 'DEMO',
    createdCount: 0,
    archived: false,
    updatedAt: 0,
  } as const;
  client.open({ summary, events: [] });
  return id;
}

describe('a tab', () => {
  it('connects, shows a run to its end, and says that it is live', async () => {
    const { client } = newTab();
    await openNew(client);
    client.connect();
    expect(client.connection).toBe('connecting');
    await expect.poll(() => client.connection).toBe('live');
    expect((await client.send('tokens 30')).ok).toBe(true);
    await expect.poll(() => client.conversation?.status).toBe('done');
    expect(client.outbox).toEqual([]);
    expect(client.conversation?.timeline.map(({ kind }) => kind)).toEqual(['message', 'work', 'message']);
    // Told after the events, since it is read back from the database.
    await expect.poll(() => Object.values(client.changedSummaries)[0]?.status).toBe('done');
  });

  it('comes back after a lost connection with all that it missed', async () => {
    const { client, socket } = newTab();
    await openNew(client);
    client.connect();
    await expect.poll(() => client.connection).toBe('live');
    await client.send('tokens 300');
    socket.io.engine.close();
    await expect.poll(() => client.conversation?.status).toBe('done');
    await expect.poll(() => client.connection).toBe('live');
    expect(client.conversation?.timeline.at(-1)).toMatchObject({ kind: 'message', role: 'assistant' });
  });

  it('keeps a message that was written offline over a reload, and sends it once', async () => {
    const before = newTab();
    const id = await openNew(before.client);
    const refused = await before.client.send('tokens 3');
    expect(refused).toMatchObject({ ok: false, problem: { code: 'offline' } });
    expect(before.client.outbox).toMatchObject([{ state: 'waiting' }]);

    const after = newTab({ storage: before.storage });
    const summary = {
      id,
      title: 'New',
      status: 'empty',
      projectKey: 'DEMO',
      createdCount: 0,
      archived: false,
      updatedAt: 0,
    } as const;
    after.client.open({ summary, events: [] });
    after.client.connect();
    await expect.poll(() => after.client.conversation?.status).toBe('done');
    const said = after.client.conversation?.timeline.filter(
      (entry) => entry.kind === 'message' && entry.role === 'user',
    );
    expect(said).toHaveLength(1);
    expect(after.client.outbox).toEqual([]);
  });

  it('says of a message that may have arrived nothing else until an answer comes', async () => {
    const unanswered = { ok: false, problem: noAnswer } as const;
    const answers = [unanswered, { ok: false, problem: { code: 'offline' } }];
    const told: unknown[] = [];
    const asked = Promise.withResolvers<void>();
    const client = new ConversationClient({
      url: '',
      build: 'test-build',
      storage: memoryStorage(),
      link: {
        ...silentLink,
        ask: async (event) => {
          if (event !== 'message:send') return unanswered;
          told.push(client.outbox[0]?.problem?.code ?? null);
          const answer = answers.shift();
          if (answer) return answer as Ack<never>;
          asked.resolve();
          return new Promise<never>(() => undefined);
        },
      },
    });
    clients.push(client);
    await openNew(client);
    await client.send('Shorter, please.');
    await asked.promise;
    expect(told).toEqual([null, 'no_answer', 'no_answer']);
    expect(client.outbox).toMatchObject([{ state: 'sending', problem: { code: 'no_answer' } }]);
  });

  it('keeps a refused message for its person to take back', async () => {
    const { client } = newTab({ cookie: channel.cookies.bob });
    await openNew(client);
    client.connect();
    await expect.poll(() => client.problem?.code).toBe('conversation_missing');
    expect((await client.send('Not mine')).ok).toBe(false);
    const [message] = client.outbox;
    expect(message).toMatchObject({ state: 'refused', problem: { code: 'conversation_missing' } });
    expect(client.takeBack(message?.messageId ?? '')?.text).toBe('Not mine');
  });

  it('says that it is signed out when nobody is signed in', async () => {
    const { client } = newTab({ cookie: 'forged' });
    client.connect();
    await expect.poll(() => client.connection).toBe('signed_out');
    expect(client.problem?.message).toMatch(/session is over/);
  });

  it('knows that its page is from another build', async () => {
    const { client } = newTab({ build: 'yesterday' });
    client.connect();
    await expect.poll(() => client.reloadNeeded).toBe(true);
  });
});

/** A link that is open and brings nothing. */
const silentLink = {
  way: 'channel',
  connected: true,
  connect: () => undefined,
  disconnect: () => undefined,
  on: () => undefined,
} as const;

function memoryStorage(): Storage {
  const items = new Map<string, string>();
  return {
    getItem: (key: string) => items.get(key) ?? null,
    setItem: (key: string, value: string) => void items.set(key, value),
    removeItem: (key: string) => void items.delete(key),
    clear: () => items.clear(),
    key: () => null,
    length: 0,
  };
}
