import { applyEvents, stateOf } from '../../src/lib/components/conversation-state.ts';
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import type { RunEvent } from '../../src/lib/contracts/run-event.ts';
import type { Ack } from '../../src/lib/contracts/socket-events.ts';
import { cookieName, pageOrigin, type Command, type ListeningLine, type Tab } from './channel-process.ts';
import { openSocketTab, type OpenTab, type TabOptions } from './socket-client.ts';

export type ChannelProcess = Awaited<ReturnType<typeof startChannelProcess>>;

/**
 * Starts a channel on one engine in a process of its own; `unavailable` says why it cannot run here. With `most` one
 * person and address may have that many connections, and what it uses can be measured.
 */
export async function startChannelProcess(engine: 'ws' | 'uws', most?: number) {
  const wrapper = engine === 'uws' ? process.env.UWS_TEST_WRAPPER : undefined;
  const program = fileURLToPath(new URL('channel-process.ts', import.meta.url));
  const [command = process.execPath, ...args] = [
    ...(wrapper ? [wrapper] : []),
    process.execPath,
    ...(most === undefined ? [program, engine] : ['--expose-gc', program, engine, String(most)]),
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

export type { OpenTab };

/** A socket of one of the people whom the channel process knows, unless the options say otherwise. */
export function openTab({ url, cookies }: ListeningLine, who: Tab, options: Partial<TabOptions> = {}) {
  return openSocketTab(url, { cookie: `${cookieName}=${cookies[who]}`, origin: pageOrigin, ...options });
}

export function codeOf(ack: Ack<unknown>): string | null {
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

/** Until a tab has the last that a run tells: what its conversation is from then on. */
export function untilRested({ events, until }: OpenTab): Promise<void> {
  return until(() => {
    const last = events.findLast((event) => event.type === 'conversation_changed');
    return last !== undefined && last.body.status !== 'working';
  });
}

/** What a page makes of all that a tab was told. */
export function shownBy({ events }: OpenTab) {
  return applyEvents(stateOf({ id: '', title: '', status: 'empty', projectKey: null }), events);
}
