import { connect, createServer, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';

interface Pair {
  client: Socket;
  server: Socket;
}

export type FaultProxy = Awaited<ReturnType<typeof startFaultProxy>>;

/** A TCP proxy whose connections a test can hurt: cut, delay, freeze, leave half open. `target` may change. */
export async function startFaultProxy(target: { port: number }) {
  const pairs = new Set<Pair>();
  let refuses = false;
  let delayMs = 0;
  let frozen = false;
  const thaws = new Set<() => void>();

  const listener = createServer((client) => {
    if (refuses) return void client.resetAndDestroy();
    const server = connect(target.port, '127.0.0.1');
    const pair = { client, server };
    pairs.add(pair);
    carry(client, server);
    carry(server, client);
    for (const [here, there] of [
      [client, server],
      [server, client],
    ] as const) {
      here.setNoDelay(true);
      here.on('error', () => undefined);
      here.on('close', () => {
        there.destroy();
        pairs.delete(pair);
      });
    }
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));

  /** Bytes keep their order whatever happens to them on the way. */
  function carry(from: Socket, to: Socket): void {
    let turn = Promise.resolve();
    from.on('data', (bytes) => {
      from.pause();
      turn = turn.then(async () => {
        if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs));
        if (frozen) await new Promise<void>((resolve) => thaws.add(resolve));
        if (!to.destroyed) to.write(bytes);
        from.resume();
      });
    });
  }

  return {
    port: (listener.address() as AddressInfo).port,
    connections: () => pairs.size,
    aim(port: number) {
      target = { port };
    },
    /** New connections are reset at once; those that are open stay. */
    refuse(on: boolean) {
      refuses = on;
    },
    delay(ms: number) {
      delayMs = ms;
    },
    /** Nothing passes any more, in either direction; nobody is told. */
    freeze() {
      frozen = true;
    },
    thaw() {
      frozen = false;
      for (const go of thaws) go();
      thaws.clear();
    },
    /** Both ends are reset. `share` of the connections, from 0 to 1. */
    cut(share = 1, random = Math.random) {
      for (const { client, server } of pairs) {
        if (random() >= share) continue;
        client.resetAndDestroy();
        server.resetAndDestroy();
      }
    },
    /** The client is gone and the server is not told, as when a cable is pulled. */
    halfOpen(share = 1, random = Math.random) {
      for (const pair of pairs) {
        if (random() >= share) continue;
        pair.client.removeAllListeners('close');
        pair.client.resetAndDestroy();
        pair.server.pause();
      }
    },
    async close() {
      const closed = new Promise((resolve) => listener.close(resolve));
      this.thaw();
      for (const { client, server } of pairs) {
        client.destroy();
        server.destroy();
      }
      await closed;
    },
  };
}
