import { AsyncTask, SimpleIntervalJob, ToadScheduler } from 'toad-scheduler';
import type { Logger } from '../observability/logger.ts';

export interface ScheduledTask {
  id: string;
  everyMs: number;
  /** Also once when the scheduler starts. */
  atStart: boolean;
  run(): Promise<unknown>;
}

export interface Scheduler {
  start(): void;
  /** Starts nothing more, and resolves once nothing runs. May be called more than once. */
  close(): Promise<void>;
}

/**
 * Repeats tasks for as long as it is not closed. A task never overlaps itself: what falls due while it runs is left
 * out. A task that fails is logged and comes again at its time. Times are the process's own, so a jump of the clock
 * neither repeats nor delays anything. While `paused` says so, what falls due is left out.
 */
export function createScheduler({
  tasks,
  log,
  paused = () => false,
}: {
  tasks: ScheduledTask[];
  log: Logger;
  paused?: () => boolean;
}): Scheduler {
  const toad = new ToadScheduler();
  const underWay = new Set<Promise<unknown>>();

  function schedule({ id, everyMs, atStart, run }: ScheduledTask): void {
    const onError = (err: unknown) =>
      log.error({ err, task: id, outcome: 'failed' }, 'A scheduled task failed');
    const task = new AsyncTask(id, () => tracked(run), onError);
    const times = { milliseconds: everyMs, runImmediately: atStart };
    toad.addSimpleIntervalJob(new SimpleIntervalJob(times, task, { id, preventOverrun: true }));
  }

  async function tracked(run: () => Promise<unknown>): Promise<void> {
    if (paused()) return;
    const work = run();
    underWay.add(work);
    try {
      await work;
    } finally {
      underWay.delete(work);
    }
  }

  return {
    start: () => tasks.forEach(schedule),
    async close() {
      toad.stop();
      await Promise.allSettled(underWay);
    },
  };
}
