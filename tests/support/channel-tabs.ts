import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { io, type Socket } from 'socket.io-client';
import { expect } from 'vitest';
import type { RunEvent, RunEventOf, RunEventType } from '../../src/lib/contracts/run-event.ts';
import {
  channelVersion,
  type Ack,
  type ClientEventName,
  type ClientPayload,
  type ClientResult,
} from '../../src/lib/contracts/socket-events.ts';
import { cookieName, pageOrigin, type Command, type ListeningLine, type Tab } from './channel-process.ts';

export type ChannelProcess = Awaited<ReturnType<typeof startChannelProcess>>;

/** Starts a channel on one engine in a process of its own; `unavailable` says why it cannot run here. */
export async function startChannelProcess(engine: 'ws' | 'uws') {
  const wrapper = engine === 'uws' ? process.env.UWS_TEST_WRAPPER : undefined;
  const program = fileURLToPath(new URL('channel-process.ts', import.meta.url));
  const [command = process.execPath, ...args] = [
    ...(wrapper ? [wrapper] : []),
    process.execPath,
    program,
    engine,
  ];
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const nextLine = async (): Promise<unknown> => {
    const { value, done } = await lines.next();
    if (done) throw new Error('The channel process ended.');
    return JSON.parse(value);
  };
  const first = (await nextLine()) as ListeningLine | { unavailable: string };
  if ('unavailable' in first) return first;

  let turn: Promise<unknown> = Promise.resolve();
  return {
    ...first,
    /** Has the process do something, and resolves to what came of it. */
    tell<T = unknown>(order: Command): Promise<T> {
      const answer = turn.then(async () => {
        child.stdin.write(`${JSON.stringify(order)}\n`);
        return ((await nextLine()) as { answer: T }).answer;
      });
      turn = answer.catch(() => undefined);
      return answer;
    },
    async stop() {
      child.stdin.end();
      await exited;
    },
  };
}

interface TabOptions {
  cookie?: string;
  origin?: string | null;
  transports?: ('websocket' | 'polling')[];
  auth?: object;
}

export type OpenTab = Awaited<ReturnType<typeof openTab>>;

/** A socket as a page would open it, that keeps everything it is sent. Rejects with the refusal. */
export async function openTab({ url, cookies }: ListeningLine, who: Tab, options: TabOptions = {}) {
  const {
    cookie = `${cookieName}=${cookies[who]}`,
    origin = pageOrigin,
    transports = ['websocket'],
    auth,
  } = options;
  const socket: Socket = io(url, {
    forceNew: true,
    reconnection: false,
    transports,
    auth: auth ?? { channelVersion },
    extraHeaders: { cookie, ...(origin === null ? {} : { origin }) },
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

/** Every seq stands alone, or for those that were compacted into it. */
export function expectNoGaps(events: RunEvent[]): void {
  let before = 0;
  for (const { seq, covers } of events) {
    expect(covers ?? seq).toBeLessThanOrEqual(before + 1);
    expect(seq).toBeGreaterThan(before);
    before = seq;
  }
}
