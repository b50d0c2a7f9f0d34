import { pino } from 'pino';
import { io } from 'socket.io-client';
import { createSocketLink, type ChannelSocket } from '../../src/lib/components/channel-socket.ts';
import { ConversationClient } from '../../src/lib/components/conversation-client.svelte.ts';
import { channelVersion } from '../../src/lib/contracts/socket-events.ts';
import { createChannel, type Channel } from '../../src/lib/server/realtime/channel.ts';
import { ada, setUpAccounts } from './accounts.ts';
import { cookieName, pageOrigin, script } from './channel-process.ts';
import { startConversations, type Conversations } from './conversations.ts';
import { startFaultProxy } from './fault-proxy.ts';

export type ChaosChannel = Awaited<ReturnType<typeof startChaosChannel>>;
export type ChaosPerson = ChaosChannel['people'][number];
export type ChaosTab = ReturnType<ChaosChannel['openTab']>;

/** A channel behind a proxy that hurts its connections, with some people in it; it can be restarted under them. */
export async function startChaosChannel(peopleCount: number) {
  const accounts = setUpAccounts();
  const people: ({ employeeId: string } & Awaited<ReturnType<typeof accounts.signIn>>)[] = [];
  for (let n = 0; n < peopleCount; n++) {
    const employeeId = `p${n}`;
    const person = { ...ada, employeeId, name: `Person ${n}`, email: `${employeeId}@example.com` };
    accounts.jira.set(`${employeeId}-token`, person);
    await accounts.register(`${employeeId}-token`);
    people.push({ employeeId, ...(await accounts.signIn(employeeId)) });
  }
  const failures: string[] = [];
  const log = pino({ level: 'error' }, { write: (line) => void failures.push(line) });
  let starts = 0;
  let { world, channel } = await start();
  const proxy = await startFaultProxy({ port: portOf(channel) });
  const tabs: { client: ConversationClient }[] = [];

  async function start(): Promise<{ world: Conversations; channel: Channel }> {
    const world = startConversations(accounts.db, {
      script,
      processId: `here/${++starts}/a`,
      isGone: (processId) => processId !== `here/${starts}/a`,
    });
    await world.reap();
    const channel = await createChannel({
      engine: 'ws',
      host: '127.0.0.1',
      port: 0,
      origins: [pageOrigin],
      cookieName,
      services: {
        session: accounts.session,
        conversations: world.conversations,
        commands: world.commands,
        jobs: { watch: () => () => undefined },
      },
      clock: { now: Date.now },
      log,
      build: 'test-build',
      limits: {
        connections: { perUser: 10_000, perAddress: 10_000 },
        reader: { highWaterBytes: 256 * 1024, stalledAfterMs: 500 },
      },
    });
    return { world, channel };
  }

  return {
    people,
    proxy,
    /** Log lines that no expected refusal writes. */
    failures,
    world: () => world,
    /** Sockets that the server holds. */
    connections: () => channel.connections(),
    async restart() {
      await channel.close();
      await world.runs.dispose();
      ({ world, channel } = await start());
      proxy.aim(portOf(channel));
    },
    /** One tab of a person, as the page has it, on the way through the proxy. */
    openTab(person: (typeof people)[number]) {
      const socket = io(`http://127.0.0.1:${proxy.port}`, {
        autoConnect: false,
        forceNew: true,
        transports: ['websocket'],
        auth: { channelVersion },
        timeout: 1_000,
        reconnectionDelay: 20,
        reconnectionDelayMax: 200,
        extraHeaders: { origin: pageOrigin, cookie: `${cookieName}=${person.cookie.value}` },
      }) as ChannelSocket;
      const client = new ConversationClient({
        url: '',
        build: 'test-build',
        link: createSocketLink(socket),
        ackTimeoutMs: 2_000,
        schedule: (flush) => setImmediate(flush),
      });
      tabs.push({ client });
      return { person, client, socket };
    },
    async close() {
      for (const { client } of tabs) client.close();
      await proxy.close();
      await channel.close();
      await world.runs.dispose();
      accounts[Symbol.dispose]();
    },
  };
}

function portOf({ url }: Channel): number {
  return Number(new URL(url).port);
}
