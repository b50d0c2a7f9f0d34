import { connect } from 'node:net';
import { afterAll, describe, expect, it } from 'vitest';
import { cookieName, pageOrigin } from '../support/channel-process.ts';
import { openTab, startChannelProcess } from '../support/channel-tabs.ts';
import { seededRandom } from '../support/seeded-random.ts';

const handshakes = process.env.TEST_SCALE === 'long' ? 10_000 : 300;
const atATime = 20;

for (const engine of ['ws', 'uws'] as const) {
  const channel = await startChannelProcess(engine);
  describe(`the channel on ${engine}`, () => {
    if ('unavailable' in channel) return it('can be opened', ({ skip }) => skip(channel.unavailable));
    afterAll(() => channel.stop());

    it(`outlives ${handshakes} clients that leave in the middle of their handshake`, async () => {
      const random = seededRandom(7);
      const { hostname, port } = new URL(channel.url);
      const handshake = (transport: 'websocket' | 'polling') =>
        [
          `GET /socket.io/?EIO=4&transport=${transport} HTTP/1.1`,
          `Host: ${hostname}:${port}`,
          `Origin: ${pageOrigin}`,
          `Cookie: ${cookieName}=${channel.cookies.ada}`,
          ...(transport === 'websocket'
            ? [
                'Connection: Upgrade',
                'Upgrade: websocket',
                'Sec-WebSocket-Version: 13',
                'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
              ]
            : []),
          '',
          '',
        ].join('\r\n');

      /** Leaves after a part of the request, or a moment after all of it, politely or not. */
      const leaveMidway = () =>
        new Promise<void>((resolve) => {
          const text = handshake(random() < 0.5 ? 'websocket' : 'polling');
          const whole = random() < 0.6;
          const polite = random() < 0.3;
          const socket = connect(Number(port), hostname, () => {
            socket.write(whole ? text : text.slice(0, Math.floor(random() * text.length)), () => {
              const leave = () => void (polite ? socket.end() : socket.resetAndDestroy());
              if (random() < 0.5) leave();
              else setImmediate(leave);
            });
          });
          socket.on('error', () => undefined);
          socket.on('data', () => socket.destroy());
          socket.on('close', () => resolve());
        });
      for (let n = 0; n < handshakes; n += atATime) {
        await Promise.all(Array.from({ length: Math.min(atATime, handshakes - n) }, leaveMidway));
      }

      await expect.poll(() => channel.tell({ do: 'connections' }), { timeout: 60_000 }).toBe(0);
      const tab = await openTab(channel, 'bob');
      expect(tab.socket.connected).toBe(true);
      tab.close();
    });
  });
}
