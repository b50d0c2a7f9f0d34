import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { freePorts } from '../e2e/support/free-ports.ts';
import { makeAppFolder } from '../support/app-folder.ts';
import { whenAnswering } from './product-process.ts';

const projectRoot = fileURLToPath(new URL('../../', import.meta.url));

/** From `npm start`, with dependencies and build as they are, until `/readyz` says yes. Practice mode, in ms. */
export async function measureUnchangedStart(): Promise<number> {
  const folder = makeAppFolder();
  const [port, socketPort, jira, confluence, llm] = (await freePorts(5)).map(String);
  const url = `http://localhost:${port}`;
  const startedAt = performance.now();
  const child = spawn(process.execPath, ['scripts/start.mjs'], {
    cwd: projectRoot,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      ...folder.env,
      HOST: '127.0.0.1',
      PORT: port,
      SOCKET_PORT: socketPort,
      ORIGIN: url,
      PRACTICE_JIRA_PORT: jira,
      PRACTICE_CONFLUENCE_PORT: confluence,
      PRACTICE_LLM_PORT: llm,
      SHUTDOWN_SECONDS: '5',
    },
  });
  try {
    await whenAnswering(`${url}/readyz`);
    return performance.now() - startedAt;
  } finally {
    if (child.exitCode === null) {
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      await exited;
    }
    folder.remove();
  }
}
