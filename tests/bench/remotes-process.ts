import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { startSandbox } from '../../src/lib/sandbox/start-sandbox.ts';
import { answerAsModel } from './scripted-llm.ts';

export interface RemoteUrls {
  jiraUrl: string;
  confluenceUrl: string;
  llmUrl: string;
}

export interface Remotes extends RemoteUrls {
  stop(): void;
}

if (import.meta.main) await serve();

/** Jira, Confluence and the scripted model in a process of their own, so that they take no time from what is measured. */
export async function startRemotes(): Promise<Remotes> {
  const child = fork(fileURLToPath(import.meta.url), { execArgv: [] });
  const ended = once(child, 'exit').then(() =>
    Promise.reject(new Error('The remote systems did not start.')),
  );
  const [urls] = (await Promise.race([once(child, 'message'), ended])) as [RemoteUrls];
  ended.catch(() => undefined);
  return { ...urls, stop: () => child.kill('SIGKILL') };
}

async function serve(): Promise<void> {
  const { jiraUrl, confluenceUrl } = await startSandbox({ dataDir: ':memory:' });
  const model = createServer((request, response) => {
    answerAsModel(request, response).catch((error: unknown) => response.destroy(error as Error));
  });
  // A connection that is closed while a call is on its way would be measured as the product's fault.
  model.keepAliveTimeout = 60_000;
  model.on('connection', (socket) => socket.setNoDelay(true));
  await once(model.listen(0, '127.0.0.1'), 'listening');
  const llmUrl = `http://127.0.0.1:${(model.address() as AddressInfo).port}`;
  const urls: RemoteUrls = { jiraUrl, confluenceUrl, llmUrl };
  process.send?.(urls);
  // Whoever started it is gone.
  process.once('disconnect', () => process.exit(0));
}
