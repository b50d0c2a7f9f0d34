/**
 * A channel in a process of its own: `node channel-process.ts <ws|uws> [most connections]`. uWebSockets.js patches Socket.IO for its whole
 * process and may need a wrapper to load, so the contract suite talks to both engines from outside.
 * Prints one line of JSON when it listens, then obeys one command a line on stdin.
 */
import { createInterface } from 'node:readline';
import { pino } from 'pino';
import { ulid } from 'ulid';
import type { RunContext, RunInput, RunOutcome } from '../../src/lib/agent/ports.ts';
import { createChannel } from '../../src/lib/server/realtime/channel.ts';
import type { SocketEngineName } from '../../src/lib/server/realtime/socket-engine.ts';
import { ada, setUpAccounts } from './accounts.ts';
import { startConversations } from './conversations.ts';

export interface ListeningLine {
  url: string;
  engine: SocketEngineName;
  cookies: Record<Tab, string>;
}
export type Tab = 'ada' | 'adaElsewhere' | 'bob';
export type Command =
  | { do: 'end_session'; tab: Tab }
  | { do: 'advance'; ms: number }
  | { do: 'new_conversation' }
  | { do: 'connections' }
  | { do: 'measure' };

/** What the process uses, its garbage collected before. */
export interface Measured {
  residentBytes: number;
  cpuMs: number;
}

export const pageOrigin = 'http://pages.test:3000';
export const cookieName = 'backlogue-session';

if (import.meta.main)
  await serve(process.argv[2] === 'uws' ? 'uws' : 'ws', Number(process.argv[3] ?? 0) || undefined);

/** `most` connections of one person and address, in place of what the product allows. */
async function serve(engine: SocketEngineName, most?: number): Promise<void> {
  const accounts = setUpAccounts();
  accounts.jira.set('bob-token', { ...ada, employeeId: 'bob', name: 'Bob', email: 'bob@example.com' });
  await accounts.register();
  await accounts.register('bob-token');
  const sessions = {
    ada: await accounts.signIn(),
    adaElsewhere: await accounts.signIn(),
    bob: await accounts.signIn('bob'),
  };
  const world = startConversations(accounts.db, { script });
  const startedAt = performance.now();
  const clock = { now: () => accounts.clock.at + performance.now() - startedAt };
  let channel;
  try {
    channel = await createChannel({
      engine,
      host: '127.0.0.1',
      port: 0,
      origins: [pageOrigin],
      cookieName,
      services: {
        session: accounts.session,
        conversations: world.conversations,
        commands: world.commands,
        // Nobody here has jobs.
        jobs: { watch: () => () => undefined },
      },
      clock,
      log: pino({ level: 'silent' }),
      build: 'test-build',
      limits:
        most === undefined
          ? { lookAtSessionsEveryMs: 50 }
          : { connections: { perUser: most, perAddress: most } },
    });
  } catch (error) {
    say({ unavailable: error instanceof Error ? error.message : String(error) });
    process.exit(0);
  }
  const { url, engine: name, connections } = channel;
  const cookieOf = (tab: Tab) => sessions[tab].cookie.value;
  const cookies = { ada: cookieOf('ada'), adaElsewhere: cookieOf('adaElsewhere'), bob: cookieOf('bob') };
  say({ url, engine: name, cookies } satisfies ListeningLine);

  for await (const line of createInterface({ input: process.stdin })) {
    say({ answer: await obey(JSON.parse(line) as Command) });
  }
  await channel.close();
  await world.runs.dispose();
  accounts[Symbol.dispose]();

  async function obey(command: Command): Promise<unknown> {
    switch (command.do) {
      case 'end_session':
        return accounts.session.signOut(sessions[command.tab].live, 'request-1');
      case 'advance':
        accounts.clock.at += command.ms;
        return null;
      case 'new_conversation':
        return world.conversations.create(sessions.ada.actor, { projectKey: 'DEMO', choices: {} });
      case 'connections':
        return connections();
      case 'measure': {
        globalThis.gc?.();
        const { user, system } = process.cpuUsage();
        return {
          residentBytes: process.memoryUsage.rss(),
          cpuMs: (user + system) / 1_000,
        } satisfies Measured;
      }
    }
  }
}

/** Does what the message says: `tokens 50`, `bulk 3000 [length]`, `hold`, `ask`, anything else just ends. */
export async function script(input: RunInput, context: RunContext): Promise<RunOutcome> {
  const [verb, count, length] = input.kind === 'message' ? input.text.split(' ') : [];
  const { tokens, emit, signal } = context;
  if (verb === 'tokens') {
    const streamId = ulid();
    let text = '';
    for (let n = 1; n <= Number(count); n++) {
      const piece = `${n} `;
      text += piece;
      tokens.push(streamId, 'message', piece);
      if (n % 3 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    tokens.end(streamId, 'message', { text: null, cut: false });
    emit({ type: 'message_added', body: { messageId: streamId, role: 'assistant', text, number: null } });
  }
  if (verb === 'bulk') {
    for (let n = 0; n < Number(count); n++)
      context.step('draft', `${n} ${'x'.repeat(Number(length ?? 2_000))}`)();
  }
  if (verb === 'hold') {
    tokens.push('held', 'message', 'Half of it');
    await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
  }
  if (verb === 'ask') {
    const questions = [{ id: 'A1', question: 'Which?', why: 'It matters.', suggestions: [] }];
    return { end: 'waiting', interrupt: { kind: 'clarify', interruptId: ulid(), questions } };
  }
  return { end: 'completed' };
}

function say(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
