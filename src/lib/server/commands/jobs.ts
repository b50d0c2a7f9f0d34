import { createApp } from '../app.ts';
import { startTracing } from '../observability/start-tracing.ts';
import { readSettings } from '../settings/settings.ts';
import { announceReady } from '../web/announce-ready.ts';
import { failStart } from '../web/fail-start.ts';
import { stopOnSignal } from '../web/stop-on-signal.ts';

/** Runs the scheduler and the workers without pages and channel, beside a process with ROLE=web: `jobs`. */
async function runJobs(): Promise<void> {
  const settings = readSettings({ ...process.env, ROLE: 'jobs' });
  await startTracing(settings);
  const app = await createApp(settings, { env: process.env });
  stopOnSignal(app);
  announceReady(app.summary);
  app.log.info({ outcome: 'ok' }, 'Running background jobs');
}

await runJobs().catch(failStart);
