import type { Logger } from '../observability/logger.ts';
import { flushTraces } from '../observability/start-tracing.ts';

/** What is to be stopped. */
interface Stoppable {
  log: Logger;
  settings: { shutdownSeconds: number };
  close(): Promise<void>;
}

/**
 * Ends the process on SIGTERM or SIGINT: running work reaches a safe point, then everything closes. The node adapter
 * would tell us only after HTTP has closed, which an open event stream delays until its time is up. A start script that
 * was killed cannot pass a signal on: its closed channel says the same.
 */
export function stopOnSignal(app: Stoppable, leave: (code: number) => void = process.exit): void {
  const stop = (signal: string) => {
    app.log.info({ signal, outcome: 'ok' }, 'Stopping');
    const deadline = setTimeout(() => leave(1), app.settings.shutdownSeconds * 1_000);
    app
      .close()
      .then(flushTraces)
      .then(
        () => leave(0),
        (error: unknown) => {
          app.log.error({ err: error, outcome: 'failed' }, 'Stopping failed');
          leave(1);
        },
      );
    deadline.unref();
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  process.once('disconnect', () => stop('disconnect'));
}
