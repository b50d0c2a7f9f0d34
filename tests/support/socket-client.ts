import { io, type Socket } from 'socket.io-client';
import type { RunEvent, RunEventOf, RunEventType } from '../../src/lib/contracts/run-event.ts';
import {
  channelVersion,
  type Ack,
  type ClientEventName,
  type ClientPayload,
  type ClientResult,
} from '../../src/lib/contracts/socket-events.ts';

export interface TabOptions {
  /** The whole Cookie header. */
  cookie: string;
  /** The page's; null sends none. */
  origin: string | null;
  transports?: ('websocket' | 'polling')[];
  auth?: object;
  /** Further headers, as a proxy would add them. */
  headers?: Record<string, string>;
}

export type OpenTab = Awaited<ReturnType<typeof openSocketTab>>;

/** A socket as a page would open it, that keeps everything it is sent. Rejects with the refusal. */
export async function openSocketTab(url: string, options: TabOptions) {
  const { cookie, origin, transports = ['websocket'], auth, headers } = options;
  const socket: Socket = io(url, {
    forceNew: true,
    reconnection: false,
    transports,
    auth: auth ?? { channelVersion },
    extraHeaders: { ...headers, cookie, ...(origin === null ? {} : { origin }) },
  });
  const seen: { name: string; message: unknown }[] = [];
  const events: RunEvent[] = [];
  const changed = new EventTarget();
  socket.onAny((name: string, message: unknown) => {
    seen.push({ name, message });
    if (name === 'conversation:events') events.push(...(message as { events: RunEvent[] }).events);
    changed.dispatchEvent(new Event('change'));
  });
  socket.on('disconnect', () => changed.dispatchEvent(new Event('change')));
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('connect_error', (error) => {
      socket.close();
      reject(error);
    });
  });

  return {
    socket,
    events,
    seen,
    close: () => socket.close(),
    /** Emits anything, and resolves to its ack. */
    emit: (name: string, ...args: unknown[]) =>
      socket.timeout(5_000).emitWithAck(name, ...args) as Promise<Ack<unknown>>,
    /** As a page asks: the result, or the problem's code thrown. */
    async ask<E extends ClientEventName>(name: E, payload: ClientPayload<E>): Promise<ClientResult<E>> {
      const ack = (await socket.timeout(5_000).emitWithAck(name, payload)) as Ack<ClientResult<E>>;
      if (!ack.ok) throw new Error(ack.problem.code);
      return ack.result;
    },
    until,
    async untilEvent<T extends RunEventType>(type: T, nth = 1): Promise<RunEventOf<T>> {
      const ofType = () => events.filter((event): event is RunEventOf<T> => event.type === type);
      await until(() => ofType().length >= nth);
      const [found] = ofType().slice(nth - 1);
      if (!found) throw new Error(`No ${type} came.`);
      return found;
    },
  };

  function until(holds: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (!holds()) return;
        changed.removeEventListener('change', look);
        resolve();
      };
      changed.addEventListener('change', look);
      look();
    });
  }
}

export function codeOf(ack: Awaited<ReturnType<OpenTab['emit']>>): string | null {
  return ack.ok ? null : ack.problem.code;
}
