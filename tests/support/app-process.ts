import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { PracticeUrls } from '../../src/lib/server/settings/endpoints.ts';
import type { Environment } from '../../src/lib/server/settings/settings.ts';
import type { AppFolder } from './app-folder.ts';
import type { SignedIn } from './running-app.ts';
import { openSocketTab, type OpenTab } from './socket-client.ts';

export interface AppOrder {
  env: Environment;
  practice: PracticeUrls;
}

export interface AppReady {
  channelUrl: string;
}

export interface AppProcess {
  /** Starts the app on a folder, with practice servers that live elsewhere. */
  start(folder: AppFolder, practice: PracticeUrls): Promise<void>;
  tab(who: SignedIn): Promise<OpenTab>;
  /** SIGKILL. Resolves once the process is gone, and with it everything that it only knew in memory. */
  kill(): Promise<void>;
  /** SIGTERM, as a service manager sends it. Resolves to the exit code; null when a signal ended it. */
  stop(): Promise<number | null>;
}

/** A process that has loaded the app from source and waits for its orders. */
export function loadAppProcess(): AppProcess {
  const program = fileURLToPath(new URL('app-process-main.ts', import.meta.url));
  const child = fork(program, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'], execArgv: [] });
  const exited = once(child, 'exit');
  let url = '';
  let origin = '';

  return {
    async start({ env }, { jiraUrl, confluenceUrl, llmUrl }) {
      const order: AppOrder = { env, practice: { jiraUrl, confluenceUrl, llmUrl } };
      child.send(order);
      const ended = exited.then(() =>
        Promise.reject(new Error('The app process ended before it was ready.')),
      );
      const [ready] = (await Promise.race([once(child, 'message'), ended])) as [AppReady];
      url = ready.channelUrl;
      origin = env.ORIGIN ?? '';
    },
    tab: ({ cookie }) => openSocketTab(url, { cookie, origin }),
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
    async stop() {
      child.kill('SIGTERM');
      const [code] = (await exited) as [number | null];
      return code;
    },
  };
}
