import { hostname } from 'node:os';
import type { Logger } from 'pino';
import type { Clock } from '../../agent/ports.ts';
import type { RunRepository } from '../repositories/run-repository.ts';
import type { Journal } from '../services/journal.ts';

interface StaleRunReaperDeps {
  runs: Pick<RunRepository, 'suspects' | 'end'>;
  journal: Pick<Journal, 'commit'>;
  processId: string;
  /** Longer than three heartbeats, or a slow run is reaped alive. */
  staleAfterMs: number;
  /** Whether a process of this machine is certainly gone; `isProcessGone` unless a test says otherwise. */
  isGone?: (processId: string) => boolean;
  clock: Clock;
  log: Logger;
}

/**
 * Closes runs whose process died: they say `interrupted`, keep what they wrote, and can be continued. The returned
 * call looks once; call it at start-up, before people are let in, and now and then. It resolves to how many it closed.
 */
export function createStaleRunReaper(deps: StaleRunReaperDeps): () => Promise<number> {
  const { runs, journal, processId, staleAfterMs, isGone = isProcessGone, clock, log } = deps;
  return async () => {
    const silentSince = clock.now() - staleAfterMs;
    const suspects = await runs.suspects(processId, silentSince);
    let closed = 0;
    for (const { runId, conversationId, fence, heartbeatAt, processId: owner } of suspects) {
      if (heartbeatAt >= silentSince && !isGone(owner)) continue;
      const ending = {
        end: 'interrupted',
        problem: null,
        interrupt: null,
        afterCrash: true,
        at: clock.now(),
      } as const;
      const events = await journal.commit(
        () => runs.end({ runId, conversationId, fence }, ending),
        (result) => result ?? [],
      );
      if (events === null) continue;
      closed++;
      log.warn({ run_id: runId, outcome: 'interrupted' }, 'A run was closed: its process is gone.');
    }
    return closed;
  };
}

/** Names this process, so that another one of this machine can see whether it still lives. */
export function nameProcess(unique: string): string {
  return `${hostname()}/${process.pid}/${unique}`;
}

/** Certainly gone: of this machine, and no process has its number. Anything else waits for its heartbeat to age. */
export function isProcessGone(processId: string): boolean {
  const [host, pid] = processId.split('/');
  if (host !== hostname() || !pid) return false;
  // In a container every process has the same number: the one before had ours.
  if (Number(pid) === process.pid) return true;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}
