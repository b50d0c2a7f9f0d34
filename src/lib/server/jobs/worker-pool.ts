import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Piscina } from 'piscina';
import { AppError, BusyError } from '../errors/app-error.ts';
import type { Logger } from '../observability/logger.ts';

export interface WorkerPool {
  /**
   * Runs one task in a thread of its own module graph. Input and result are copied as plain data; the caller parses
   * the result. Rejects with AppError `worker_failed` when the task threw or its thread died, BusyError when too many
   * wait, or the signal's reason when aborted: then the thread is ended, whatever it was doing.
   */
  run(worker: string, input: unknown, signal: AbortSignal): Promise<unknown>;
  /** For readiness: whether a task could be run now. Starts no thread. */
  health(): { ok: boolean; detail: string };
  /** Ends all threads; what runs rejects. */
  close(): Promise<void>;
}

interface WorkerPoolDeps {
  log: Logger;
  /** A worker whose file must be there for the pool to be of use. */
  mainWorker?: string;
  /** The file of a worker by its name; the product's own unless given. */
  locate?: (worker: string) => string;
  mostThreads?: number;
  mostWaiting?: number;
}

/** Threads are made when they are needed and end when they have been idle for a while. */
export function createWorkerPool(deps: WorkerPoolDeps): WorkerPool {
  const { log, locate = workerFile, mostThreads = 2, mostWaiting = 64 } = deps;
  let threads: Piscina | null = null;
  let isClosed = false;

  function open(): Piscina {
    if (threads) return threads;
    threads = new Piscina({
      minThreads: 0,
      maxThreads: mostThreads,
      maxQueue: mostWaiting,
      idleTimeout: 30_000,
      // Otherwise an idle thread blocks while it waits, and never sees that its kept connections were closed.
      atomics: 'disabled',
      resourceLimits: { maxOldGenerationSizeMb: 128 },
    });
    threads.on('error', (err: unknown) => log.error({ err, outcome: 'failed' }, 'A worker thread failed'));
    return threads;
  }

  return {
    async run(worker, input, signal) {
      signal.throwIfAborted();
      if (isClosed)
        throw new AppError('worker_failed', 'The workers have been stopped.', { retryable: true });
      const pool = open();
      if (pool.queueSize >= mostWaiting) throw new BusyError('workers_busy', 'Too much work is waiting.');
      try {
        const result: unknown = await pool.run(input, { filename: locate(worker), signal });
        return result;
      } catch (error) {
        signal.throwIfAborted();
        throw workerFailed(error);
      }
    },

    health() {
      if (isClosed) return { ok: false, detail: 'stopped' };
      // Throws where the build lacks it, which is what readiness shows.
      if (deps.mainWorker !== undefined) locate(deps.mainWorker);
      const waiting = threads?.queueSize ?? 0;
      return {
        ok: waiting < mostWaiting,
        detail: `${threads?.threads.length ?? 0} of ${mostThreads} threads, ${waiting} tasks waiting`,
      };
    },

    async close() {
      isClosed = true;
      await threads?.destroy();
      threads = null;
    },
  };
}

function workerFailed(cause: unknown): AppError {
  return new AppError('worker_failed', 'The worker that did this stopped unexpectedly.', {
    cause,
    retryable: true,
  });
}

/**
 * From source the `.ts` file, which Node runs by stripping its types. In a build this module is somewhere in
 * `build/server` or `build/commands`, and the workers are in `build/workers`.
 */
function workerFile(worker: string): string {
  const here = fileURLToPath(import.meta.url);
  if (here.endsWith('.ts')) return join(dirname(here), '../workers', `${worker}.ts`);
  for (let folder = dirname(here); folder !== dirname(folder); folder = dirname(folder)) {
    const file = join(folder, 'workers', `${worker}.js`);
    if (existsSync(file)) return file;
  }
  throw new AppError('worker_missing', `The build has no worker "${worker}".`);
}
