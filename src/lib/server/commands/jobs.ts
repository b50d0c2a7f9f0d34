import { createApp } from '../app.ts';
import { AppError } from '../errors/app-error.ts';
import { startTracing } from '../observability/start-tracing.ts';
import { readSettings } from '../settings/settings.ts';
import { announceReady } from '../web/announce-ready.ts';
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

await runJobs().catch((error: unknown) => {
  if (!(error instanceof AppError)) throw error;
  process.stderr.write(`${[error.message, error.hint].filter(Boolean).join(' ')}\n`);
  process.exitCode = 1;
});
