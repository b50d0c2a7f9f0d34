import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { parse } from 'jsonc-parser';
import { startSandbox, type Sandbox } from '../../src/lib/sandbox/start-sandbox.ts';
import { freePorts } from '../e2e/support/free-ports.ts';
import { makeAppFolder, type ConfigChange } from './app-folder.ts';
import { buildProduct } from './build-product.ts';
import { atOnce } from './running-app.ts';

const projectRoot = fileURLToPath(new URL('../../', import.meta.url));

/** The built product as a process of its own, in live mode, whose remote systems the test holds in its hand. */
export interface LiveProduct {
  /** Where it listens. */
  url: string;
  /** Where browsers believe it to be. */
  origin: string;
  channelUrl: string;
  sandbox: Sandbox;
  dataDir: string;
  /** The four configuration files that it watches. */
  configDir: string;
  /** Everything that it wrote so far, what went to standard error included. */
  log(): string;
  /** Its log alone. */
  standardOutput(): string;
  /** Its database, to look into. */
  openDatabase(): Database.Database;
  /** By SIGKILL unless told otherwise; its data stays. */
  end(signal?: NodeJS.Signals): Promise<void>;
  stop(): Promise<void>;
}

interface LiveOptions {
  /** Where a proxy would put it; by default where it listens. */
  origin?: string;
  env?: Record<string, string>;
  config?: ConfigChange;
  /** Headers for the model beside those that ship. */
  modelHeaders?: Record<string, string>;
}

/** Builds the product if need be, and starts it on fresh data. */
export async function startLiveProduct({
  origin,
  env,
  config = {},
  modelHeaders = {},
}: LiveOptions = {}): Promise<LiveProduct> {
  await buildProduct();
  const sandbox = await startSandbox({ dataDir: ':memory:', llmPace: atOnce });
  const folder = makeAppFolder({
    mode: 'live',
    ...config,
    jira: { ...asChange(config['jira']), url: sandbox.jiraUrl },
    confluence: { ...asChange(config['confluence']), url: sandbox.confluenceUrl },
    llm: { ...asChange(config['llm']), baseUrl: sandbox.llmUrl },
  });
  addModelHeaders(join(folder.path, 'config', 'header.json'), modelHeaders);
  const [port, socketPort] = (await freePorts(2)).map(String);
  const url = `http://localhost:${port}`;
  const log: string[] = [];
  const standardOutput: string[] = [];
  const child = spawn(process.execPath, ['build/index.js'], {
    cwd: projectRoot,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env.PATH,
      NODE_ENV: 'production',
      HOST: '127.0.0.1',
      BODY_SIZE_LIMIT: '2M',
      ...folder.env,
      LOG_LEVEL: 'trace',
      PORT: port,
      SOCKET_PORT: socketPort,
      ORIGIN: origin ?? url,
      ...env,
    },
  });
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => void log.push(chunk.toString('utf8')));
  child.stdout.on('data', (chunk: Buffer) => void standardOutput.push(chunk.toString('utf8')));
  const ended = once(child, 'exit').then(() =>
    Promise.reject(new Error(`It ended too early.\n${log.join('')}`)),
  );
  const isOver = () => child.exitCode !== null || child.signalCode !== null;
  await Promise.race([answers(`http://127.0.0.1:${port}/healthz`, isOver), ended]);
  const dataDir = join(folder.path, 'data');
  async function end(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    if (isOver()) return;
    child.kill(signal);
    await ended.catch(() => undefined);
  }

  return {
    url,
    origin: origin ?? url,
    channelUrl: `http://127.0.0.1:${socketPort}`,
    sandbox,
    dataDir,
    configDir: join(folder.path, 'config'),
    log: () => log.join(''),
    standardOutput: () => standardOutput.join(''),
    openDatabase: () => new Database(join(dataDir, 'app.db'), { readonly: true }),
    end,
    async stop() {
      await end();
      await sandbox.close();
      folder.remove();
    },
  };
}

function addModelHeaders(file: string, added: Record<string, string>): void {
  const shipped = parse(readFileSync(file, 'utf8')) as { headers: Record<string, string> };
  writeFileSync(file, JSON.stringify({ ...shipped, headers: { ...shipped.headers, ...added } }));
}

/** Readiness is told before the pages' port is open. */
async function answers(address: string, isOver: () => boolean): Promise<void> {
  while (!isOver() && !(await fetch(address).catch(() => null))?.ok)
    await new Promise((resolve) => setTimeout(resolve, 20));
}

function asChange(part: ConfigChange[string] | undefined): ConfigChange {
  return typeof part === 'object' && part !== null && !Array.isArray(part) ? (part as ConfigChange) : {};
}
