import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { StartupSummary } from '../../src/lib/server/startup-summary.ts';
import { freePorts } from '../e2e/support/free-ports.ts';
import { makeAppFolder } from '../support/app-folder.ts';
import type { ProbeAnswer, ProbeOrder } from './cpu-probe.ts';
import type { RemoteUrls } from './remotes-process.ts';

const projectRoot = fileURLToPath(new URL('../../', import.meta.url));
/** Ignored by git: results, the product's log and profiles. */
export const outputFolder = join(projectRoot, '.test-output', 'bench');
const READY_WITHIN_MS = 30_000;

export interface ProductProcess {
  url: string;
  channelUrl: string;
  engine: StartupSummary['engine'];
  /** Processor time that it has used since it started, all threads. */
  cpuMs(): Promise<number>;
  /** Its memory in RAM. */
  residentBytes(): Promise<number>;
  /** Begins to note how late timers come on its main thread. */
  startLag(): Promise<void>;
  /** How late each came since then, in milliseconds; nothing more is noted. */
  lagMs(): Promise<number[]>;
  /** From its start until `/readyz` says yes. */
  readyAfterMs: number;
  /** Where its database lies. */
  dataFolder: string;
  /** Profiles its main thread while `work` goes on, into a .cpuprofile file. */
  profile(file: string, work: () => Promise<unknown>): Promise<void>;
  /** As a service manager would end it; its data goes with it. */
  stop(): Promise<void>;
}

export interface ProductOptions {
  engine?: StartupSummary['engine'];
  wrapper?: string;
  env?: Record<string, string>;
}

/**
 * Starts what is built, in live mode on the given remote systems, with fresh data and everything switched on that ships
 * switched on. Its log goes into the output folder. `wrapper` runs its command, where the machine's own C library is too
 * old for the engine.
 * @throws when nothing is built, or when it does not become ready
 */
export async function startProductProcess(
  { jiraUrl, confluenceUrl, llmUrl }: RemoteUrls,
  { engine: wanted = 'ws', wrapper, env }: ProductOptions = {},
): Promise<ProductProcess> {
  if (!existsSync(join(projectRoot, 'build/index.js')))
    throw new Error('Nothing is built yet: use `npm run bench`.');
  mkdirSync(outputFolder, { recursive: true });
  const log = openSync(join(outputFolder, 'product.log'), 'w');
  const folder = makeAppFolder({
    mode: 'live',
    jira: { url: jiraUrl },
    confluence: { url: confluenceUrl },
    // A saturated machine is slow, and that is to be measured and not to fail.
    llm: { baseUrl: llmUrl, timeouts: { firstByteMs: 60_000, idleMs: 30_000, totalMs: 300_000 } },
  });
  const [port, socketPort] = (await freePorts(2)).map(String);
  const url = `http://localhost:${port}`;
  const probe = new URL('cpu-probe.ts', import.meta.url).href;
  const command = [...(wrapper ? [wrapper] : []), process.execPath, '--import', probe, 'build/index.js'];
  const startedAt = performance.now();
  const child = spawn(command[0] ?? process.execPath, command.slice(1), {
    cwd: projectRoot,
    stdio: ['ignore', log, log, 'ipc'],
    env: {
      PATH: process.env.PATH,
      ...(process.env.HOME ? { HOME: process.env.HOME } : {}),
      HOST: '127.0.0.1',
      ...folder.env,
      NODE_ENV: 'production',
      LOG_LEVEL: 'info',
      SHUTDOWN_SECONDS: '5',
      PORT: port,
      SOCKET_ENGINE: wanted,
      SOCKET_PORT: socketPort,
      ORIGIN: url,
      ...env,
    },
  });
  const { engine } = await whenReady(child);
  async function ask(order: ProbeOrder): Promise<ProbeAnswer> {
    const answer = once(child, 'message');
    child.send(order);
    const [told] = (await answer) as [ProbeAnswer];
    return told;
  }
  await whenAnswering(`${url}/readyz`);
  const readyAfterMs = performance.now() - startedAt;

  return {
    url,
    channelUrl: `http://127.0.0.1:${socketPort}`,
    engine,
    cpuMs: async () => (await ask({ ask: 'cpu' })).cpuMs,
    residentBytes: async () => (await ask({ ask: 'cpu' })).residentBytes,
    startLag: async () => void (await ask({ ask: 'start_lag' })),
    lagMs: async () => (await ask({ ask: 'lag' })).lagMs,
    readyAfterMs,
    dataFolder: join(folder.path, 'data'),
    async profile(file, work) {
      await ask({ ask: 'profile' });
      await work();
      await ask({ ask: 'profile_into', file });
    },
    async stop() {
      if (child.exitCode === null && child.signalCode === null) {
        const exited = once(child, 'exit');
        child.kill('SIGTERM');
        await exited;
      }
      folder.remove();
    },
  };
}

async function whenReady(child: ChildProcess): Promise<StartupSummary> {
  const ended = once(child, 'exit').then(() =>
    Promise.reject(new Error(`The product did not start; ${join(outputFolder, 'product.log')} says why.`)),
  );
  ended.catch(() => undefined);
  const [ready] = (await Promise.race([once(child, 'message'), ended])) as [{ summary: StartupSummary }];
  return ready.summary;
}

/** It says that it is ready before its pages listen. */
export async function whenAnswering(url: string): Promise<void> {
  const deadline = performance.now() + READY_WITHIN_MS;
  while (!(await fetch(url).catch(() => null))?.ok) {
    if (performance.now() > deadline) throw new Error('The product started, but does not become ready.');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
