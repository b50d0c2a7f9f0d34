import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePorts } from '../e2e/support/free-ports.ts';
import { writeScript, type AnswerScript } from './answer-script.ts';
import type { ProbeAnswer } from './cpu-probe.ts';
import { streamStamps } from './http-stream.ts';
import type { StreamingServer } from './streaming-server.ts';

const folder = join(import.meta.dirname, 'peers');

/** Another server, as a process of its own. */
export interface PeerServer extends StreamingServer {
  stop(): Promise<void>;
}

export interface Peer {
  name: string;
  script: string;
  /** What is posted, and where. */
  request(script: AnswerScript): { path: string; body: unknown };
}

/** A server of a few lines on the AI SDK, which keeps nothing, and LangGraph's own, which keeps its threads in memory. */
export const peers: Peer[] = [
  {
    name: 'AI SDK streamText',
    script: 'ai-sdk-server.mjs',
    request: (script) => ({ path: '/', body: { prompt: writeScript(script) } }),
  },
  {
    name: 'LangGraph server',
    script: 'langgraph-server.mjs',
    request: (script) => ({
      path: '/runs/stream',
      body: {
        assistant_id: 'bench',
        input: { messages: [{ role: 'user', content: writeScript(script) }] },
        stream_mode: ['messages-tuple'],
      },
    }),
  },
];

/** Their packages are none of the product's; the first bench run brings them. */
export async function installPeers(): Promise<void> {
  if (existsSync(join(folder, 'node_modules', '.package-lock.json'))) return;
  process.stdout.write('Installing the servers that are measured beside Backlogue\n');
  await promisify(execFile)('npm', ['ci', '--no-audit', '--no-fund'], { cwd: folder });
}

export async function startPeer({ name, script, request }: Peer, llmUrl: string): Promise<PeerServer> {
  const probe = new URL('cpu-probe.ts', import.meta.url).href;
  const kept = mkdtempSync(join(tmpdir(), 'backlogue-peer-'));
  const [port] = await freePorts(1);
  const child = spawn(
    process.execPath,
    ['--import', probe, join(folder, script), `${llmUrl}/v1`, String(port), kept],
    {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      env: { PATH: process.env.PATH, NODE_ENV: 'production' },
    },
  );
  const url = await whenListening(child, name);
  return {
    name,
    async cpuMs() {
      const told = once(child, 'message');
      child.send({ ask: 'cpu' });
      return ((await told) as [ProbeAnswer])[0].cpuMs;
    },
    open: async ({ count }) => ({
      answers: Array(count).fill((answer: AnswerScript) => {
        const { path, body } = request(answer);
        return streamStamps(`${url}${path}`, { body, tokens: answer.tokens });
      }),
      close: () => undefined,
    }),
    async stop() {
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
      rmSync(kept, { recursive: true, force: true });
    },
  };
}

async function whenListening(child: ChildProcess, name: string): Promise<string> {
  const ended = once(child, 'exit').then(() => Promise.reject(new Error(`${name} did not start.`)));
  ended.catch(() => undefined);
  const [told] = (await Promise.race([once(child, 'message'), ended])) as [{ url: string }];
  return told.url;
}
