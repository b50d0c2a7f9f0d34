import {
  channelVersion,
  type ClientEventName,
  type ClientPayload,
} from '../../src/lib/contracts/socket-events.ts';

/** A socket that speaks no more of Socket.IO than a bench of thousands needs: it answers pings and counts what comes. */
export interface PlainSocket {
  /** Resolves with the ack. */
  ask<E extends ClientEventName>(name: E, payload: ClientPayload<E>): Promise<{ ok: boolean }>;
  /** Called with each packet that is neither a ping nor an ack, as text. */
  onPacket: (packet: string) => void;
  close(): void;
}

/** Resolves once the server has let it in. */
export function openPlainSocket(
  url: string,
  { cookie, origin }: { cookie: string; origin: string },
): Promise<PlainSocket> {
  const address = `${url.replace(/^http/, 'ws')}/socket.io/?EIO=4&transport=websocket`;
  // Node's own takes headers as well, which its type does not say.
  const options = { headers: { cookie, origin } } as unknown as string[];
  const socket = new WebSocket(address, options);
  const acks = new Map<string, (ack: { ok: boolean }) => void>();
  let asked = 0;
  return new Promise((resolve, reject) => {
    const plain: PlainSocket = {
      ask(name, payload) {
        asked += 1;
        const id = String(asked);
        socket.send(`42${id}${JSON.stringify([name, payload])}`);
        return new Promise((told) => acks.set(id, told));
      },
      onPacket: () => undefined,
      close: () => socket.close(),
    };
    socket.addEventListener('error', () => reject(new Error(`No connection to ${url}.`)));
    socket.addEventListener('message', ({ data }) => {
      const packet = String(data);
      if (packet.startsWith('0')) socket.send(`40${JSON.stringify({ channelVersion })}`);
      else if (packet === '2') socket.send('3');
      else if (packet.startsWith('40')) resolve(plain);
      else if (packet.startsWith('44')) reject(new Error(`Refused: ${packet}`));
      else if (packet.startsWith('43')) settle(packet);
      else plain.onPacket(packet);
    });
  });

  function settle(packet: string): void {
    const [, id = '', body = ''] = /^43(\d+)(.*)$/s.exec(packet) ?? [];
    const [ack] = JSON.parse(body) as [{ ok: boolean }];
    acks.get(id)?.(ack);
    acks.delete(id);
  }
}
