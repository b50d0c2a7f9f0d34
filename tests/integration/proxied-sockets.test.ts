import { pino } from 'pino';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createChannel, type Channel } from '../../src/lib/server/realtime/channel.ts';
import { practicePeople } from '../../src/lib/sandbox/people.ts';
import { sessionCookieName } from '../../src/lib/server/security/session-cookie-name.ts';
import { startApp, type RunningApp, type SignedIn } from '../support/running-app.ts';
import { openSocketTab } from '../support/socket-client.ts';

const [ada] = practicePeople;
if (!ada) throw new Error('There are practice people.');

let running: RunningApp;
let me: SignedIn;
const channels: Channel[] = [];
const sockets: { close(): void }[] = [];

beforeEach(async () => {
  running = await startApp();
  me = await running.join(ada);
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.close();
  for (const channel of channels.splice(0)) await channel.close();
  await running.close();
});

/** A channel of the running app's services that lets one socket in from each address. */
async function openChannel(proxies: number): Promise<Channel> {
  const { settings, services } = running.app;
  const channel = await createChannel({
    engine: 'ws',
    host: '127.0.0.1',
    port: 0,
    origins: [settings.origin],
    cookieName: sessionCookieName(settings.origin),
    proxies,
    services,
    clock: { now: Date.now },
    log: pino({ level: 'silent' }),
    build: 'test-build',
    limits: { connections: { perUser: 20, perAddress: 1 } },
  });
  channels.push(channel);
  return channel;
}

async function connectFrom(channel: Channel, forwardedFor: string): Promise<void> {
  const { origin } = running.app.settings;
  const headers = { 'x-forwarded-for': forwardedFor };
  sockets.push(await openSocketTab(channel.url, { cookie: me.cookie, origin, headers }));
}

const tooMany = { data: { code: 'too_many_connections' } };

it('behind a trusted proxy each person counts by the address that the proxy saw', async () => {
  const channel = await openChannel(1);
  await connectFrom(channel, '203.0.113.1');
  await connectFrom(channel, '203.0.113.2');
  await expect(connectFrom(channel, '203.0.113.2')).rejects.toMatchObject(tooMany);
  await expect(connectFrom(channel, '198.51.100.9, 203.0.113.1')).rejects.toMatchObject(tooMany);
});

it('without one nobody gets more room by a header of their own making', async () => {
  const channel = await openChannel(0);
  await connectFrom(channel, '203.0.113.1');
  await expect(connectFrom(channel, '203.0.113.2')).rejects.toMatchObject(tooMany);
});
