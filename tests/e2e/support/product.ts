import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from '@playwright/test';
import type { StartupSummary } from '../../../src/lib/server/startup-summary.ts';
import { freePorts } from './free-ports.ts';

const projectRoot = fileURLToPath(new URL('../../../', import.meta.url));
const READY_WITHIN_MS = 30_000;

export type PracticePerson = StartupSummary['practicePeople'][number];

/** The built product as a process of its own, with data and ports of its own. */
export interface Product {
  url: string;
  /** Where the practice systems answer; pages of theirs ask for no token. */
  jiraUrl: string;
  confluenceUrl: string;
  /** Everything that it wrote to its log so far. */
  log(): string;
  /** One of the people of the start summary, by the name that it prints. */
  person(name: string): PracticePerson;
  /** As a power cut would: no signal that it could handle. */
  kill(): Promise<void>;
  /** Again on the same data and the same ports, as a service manager would. */
  start(): Promise<void>;
  /** Ends it and removes its data. */
  remove(): Promise<void>;
}

/** Starts `build/index.js` and waits until it says that it is ready. */
export async function startProduct(env: Record<string, string> = {}): Promise<Product> {
  const folder = await mkdtemp(join(tmpdir(), 'backlogue-e2e-'));
  const [port, socketPort, jiraPort, confluencePort, llmPort] = (await freePorts(5)).map(String);
  const url = `http://localhost:${port}`;
  const log: string[] = [];
  let running: { child: ChildProcess; summary: StartupSummary } | null = null;

  async function start(): Promise<void> {
    const child = spawn(process.execPath, ['build/index.js'], {
      cwd: projectRoot,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      env: {
        PATH: process.env['PATH'],
        NODE_ENV: 'production',
        PORT: port,
        SOCKET_PORT: socketPort,
        HOST: '127.0.0.1',
        ORIGIN: url,
        BODY_SIZE_LIMIT: '2M',
        DATA_DIR: join(folder, 'data'),
        PRACTICE_JIRA_PORT: jiraPort,
        PRACTICE_CONFLUENCE_PORT: confluencePort,
        PRACTICE_LLM_PORT: llmPort,
        PRACTICE_PACE: 'quick',
        BCRYPT_COST: '10',
        LOG_LEVEL: 'warn',
        ...env,
      },
    });
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk: Buffer) => log.push(chunk.toString('utf8')));
    running = { child, summary: await whenReady(child, log) };
    await whenAnswering(`${url}/readyz`);
  }

  async function end(signal: NodeJS.Signals): Promise<void> {
    if (!running) return;
    const { child } = running;
    running = null;
    if (child.exitCode !== null) return;
    const exited = once(child, 'exit');
    child.kill(signal);
    await exited;
  }

  await start();
  return {
    url,
    jiraUrl: `http://127.0.0.1:${jiraPort}`,
    confluenceUrl: `http://127.0.0.1:${confluencePort}`,
    log: () => log.join(''),
    person(name) {
      const person = running?.summary.practicePeople.find((candidate) => candidate.name === name);
      if (!person) throw new Error(`The start summary offers nobody called ${name}.`);
      return person;
    },
    kill: () => end('SIGKILL'),
    start,
    async remove() {
      await end('SIGKILL');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** @throws when it ends, or says nothing for too long, with what it wrote. */
function whenReady(child: ChildProcess, log: readonly string[]): Promise<StartupSummary> {
  return new Promise((resolve, reject) => {
    const fail = (what: string) => {
      child.kill('SIGKILL');
      reject(new Error(`${what}\n${log.join('')}`));
    };
    const timer = setTimeout(() => fail('The product did not become ready.'), READY_WITHIN_MS);
    child.once('exit', (code) => {
      clearTimeout(timer);
      fail(`The product ended with ${code} before it was ready.`);
    });
    child.on('message', (message: { type?: string; summary?: StartupSummary }) => {
      if (message.type !== 'ready' || !message.summary) return;
      clearTimeout(timer);
      child.removeAllListeners('exit');
      resolve(message.summary);
    });
  });
}

/** It says that it is ready before its pages listen: what starts it looks at `/readyz` too. */
async function whenAnswering(url: string): Promise<void> {
  const answers = async () => (await fetch(url).catch(() => null))?.ok ?? false;
  await expect.poll(answers, { timeout: READY_WITHIN_MS, intervals: [20] }).toBe(true);
}
