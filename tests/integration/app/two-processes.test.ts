import { spawn, type ChildProcess } from 'node:child_process';
import { createServer, type AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import type { JobView } from '../../../src/lib/contracts/job.ts';
import { exitCodes } from '../../../scripts/setup-error.mjs';
import { alice } from '../../../src/lib/sandbox/people.ts';
import { makeAppFolder, type AppFolder } from '../../support/app-folder.ts';
import { startApp, type RunningApp } from '../../support/running-app.ts';

/** Three processes are started one after the other, each from its sources. */
const patienceMs = 180_000;
const jobsCommand = fileURLToPath(new URL('../../../src/lib/server/commands/jobs.ts', import.meta.url));

let folder: AppFolder;
let web: RunningApp | undefined;
let jobs: ChildProcess | undefined;
afterEach(async () => {
  if (jobs && jobs.exitCode === null) await endProcess(jobs, 'SIGKILL');
  await web?.close();
  folder.remove();
});

test(
  'Pages in one process, jobs in another: what the one asks for the other does, and the tab is told',
  async () => {
    folder = makeAppFolder();
    Object.assign(folder.env, await freePracticePorts());
    web = await startApp({ folder, env: { ROLE: 'web' } });
    const who = await web.join(alice);
    const tab = await web.tab(who);
    const { tools, jobs: jobService } = web.app.services;
    const queued = await jobService.list(who.actor);
    expect(queued.map(({ status }) => status)).toEqual(['queued', 'queued']);

    jobs = startJobs(folder);

    const told = () =>
      tab.seen.filter(({ name }) => name === 'job:changed').map(({ message }) => jobIn(message));
    const hasEnded = (id: string) => told().some((job) => job.id === id && job.endedAt !== null);
    await tab.until(() => queued.every(({ id }) => hasEnded(id)));
    for (const { id } of queued)
      expect(await jobService.get(who.actor, id)).toMatchObject({ status: 'succeeded' });
    const catalogs = await tools.list(who.actor);
    expect(catalogs.every(({ tools, stale }) => tools.length > 0 && !stale)).toBe(true);

    // Asked to end, the job process ends by itself, and what is asked for meanwhile waits for the next one.
    expect(await endProcess(jobs, 'SIGTERM')).toBe(0);
    const { jobId } = await tools.refresh(who.actor);
    expect(await jobService.get(who.actor, jobId)).toMatchObject({ status: 'queued' });
    jobs = startJobs(folder);
    await tab.until(() => hasEnded(jobId));
    expect(await jobService.get(who.actor, jobId)).toMatchObject({ status: 'succeeded' });
  },
  patienceMs,
);

test('In practice mode the jobs must know where the pages run the practice servers', async () => {
  folder = makeAppFolder();
  jobs = startJobs(folder);
  let said = '';
  jobs.stderr?.on('data', (piece: Buffer) => (said += piece.toString()));
  expect(await exitCode(jobs)).toBe(exitCodes.configurationBroken);
  expect(said).toContain('Give both processes the same PRACTICE_JIRA_PORT');
});

function jobIn(message: unknown): JobView {
  return (message as { job: JobView }).job;
}

function startJobs({ env }: AppFolder): ChildProcess {
  return spawn(process.execPath, [jobsCommand], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
}

function endProcess(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null> {
  const ended = exitCode(child);
  child.kill(signal);
  return ended;
}

function exitCode(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => child.once('exit', resolve));
}

/** Ports that both processes are told; nobody takes them in between, but another test run at the very same moment. */
async function freePracticePorts(): Promise<Record<string, string>> {
  const servers = await Promise.all(
    ['PRACTICE_JIRA_PORT', 'PRACTICE_CONFLUENCE_PORT', 'PRACTICE_LLM_PORT'].map(async (name) => {
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      return { name, server };
    }),
  );
  const ports = servers.map(({ name, server }) => [name, String((server.address() as AddressInfo).port)]);
  await Promise.all(servers.map(({ server }) => new Promise((resolve) => server.close(resolve))));
  return Object.fromEntries(ports) as Record<string, string>;
}
