import type { Logger } from 'pino';
import type { RunContext, RunInput, RunOutcome } from '../../agent/ports.ts';
import { problemOf } from '../errors/problem-of.ts';
import { AppError } from '../errors/app-error.ts';
import { correlated } from '../observability/correlation.ts';
import { withSpan } from '../observability/tracing.ts';
import type { RunEnding, RunRepository } from '../repositories/run-repository.ts';
import type { RunClaim, StoredRun } from '../repositories/run-rows.ts';
import type { RunOpening, RunStartRepository } from '../repositories/run-start-repository.ts';
import type { Journal, JournalWriter } from './journal.ts';
import { RunAborted } from './run-aborted.ts';
import { createRunContext, type RunContextDeps } from './run-context.ts';
import type { Actor } from './services.ts';

/** The agent, as far as a run needs it: `createStoryAgent` offers it. */
export interface RunnableAgent {
  run(input: RunInput, context: RunContext): Promise<RunOutcome>;
}

export interface RunServiceDeps extends RunContextDeps {
  agent: RunnableAgent;
  starts: Pick<RunStartRepository, 'byQueuedMessage'>;
  runs: Pick<RunRepository, 'end' | 'beat'>;
  journal: Journal;
  log: Logger;
  /** Names this process in the rows of its runs. */
  processId: string;
  heartbeatMs: number;
  /** How long a stopped run may take to come to rest before its conversation is released without it. */
  releaseAfterMs: number;
  /** What an error of a database is to a person; any other one is itself. */
  explain(error: unknown): unknown;
  /** Told once for each run that came to rest. */
  observeRun(end: RunEnding['end'], seconds: number): void;
}

export interface RunService {
  opening(actor: Actor, conversationId: string): RunOpening;
  /** Drives a run as soon as it is stored, whatever its ack still waits for. Never rejects. */
  drive(actor: Actor, run: StoredRun): void;
  /** Starts the oldest message that waits; null when none does or a run is at work. */
  driveQueued(actor: Actor, conversationId: string): Promise<StoredRun | null>;
  /** Asks the run at work to stop; what it wrote is kept. False when none is at work here. */
  stop(conversationId: string): boolean;
  /** Resolves when no run of the conversation is at work here. */
  settled(conversationId: string): Promise<void>;
  /** Stores the ends that the database did not take. Rejects where it still does not. */
  storeEnds(): Promise<void>;
  /** Aborts all runs, marks them interrupted, and stores everything that was written. */
  dispose(): Promise<void>;
}

interface LiveRun {
  claim: RunClaim;
  abort: AbortController;
  done: Promise<void>;
}

/** Drives runs in this process, from the moment that they are stored to the moment that they rest. */
export function createRunService(deps: RunServiceDeps): RunService {
  const { agent, starts, runs, journal, clock, ids, log, processId, heartbeatMs, releaseAfterMs } = deps;
  const live = new Map<string, LiveRun>();
  /** How runs ended whose end could not be stored yet. */
  const unstored = new Map<string, { actor: Actor; claim: RunClaim; ending: Omit<RunEnding, 'at'> }>();
  let closing = false;
  const heartbeat = setInterval(() => void beat(), heartbeatMs);
  heartbeat.unref();

  return {
    opening,
    drive,
    driveQueued,
    stop: (conversationId) => abort(conversationId, new RunAborted('stopped')),
    settled: async (conversationId) => {
      await live.get(conversationId)?.done;
    },
    async storeEnds() {
      for (const [runId, { actor, claim, ending }] of [...unstored]) {
        await storeEnd(claim, ending);
        unstored.delete(runId);
        await goOn(actor, claim, ending);
      }
    },
    async dispose() {
      closing = true;
      const running = [...live.values()];
      for (const { abort } of running) abort.abort(new RunAborted('interrupted'));
      await Promise.all(running.map(({ done }) => done));
      clearInterval(heartbeat);
      await journal.flush();
    },
  };

  function opening(actor: Actor, conversationId: string): RunOpening {
    const { userId, requestId } = actor;
    return { runId: ids.next(), conversationId, userId, requestId, processId, at: clock.now() };
  }

  function drive(actor: Actor, run: StoredRun): void {
    const { runId, conversationId, fence } = run;
    const claim = { runId, conversationId, fence };
    const abort = new AbortController();
    const startedAt = clock.now();
    if (closing) abort.abort(new RunAborted('interrupted'));
    const done = Promise.resolve()
      .then(() =>
        correlated(actor, () =>
          withSpan(
            'run',
            { 'backlogue.run_id': runId, 'backlogue.request_id': actor.requestId },
            async (span) => {
              const ending = await toRest(actor, run, claim, abort);
              span.setAttribute('backlogue.run_end', ending.end);
              deps.observeRun(ending.end, (clock.now() - startedAt) / 1_000);
              return ending;
            },
          ),
        ),
      )
      .then((ending) => close(actor, claim, ending));
    live.set(conversationId, { claim, abort, done });
  }

  async function driveQueued(actor: Actor, conversationId: string): Promise<StoredRun | null> {
    if (closing) return null;
    const started = await journal.commit(
      () => starts.byQueuedMessage(opening(actor, conversationId)),
      (result) => (result.outcome === 'started' ? result.events : []),
      (result) => {
        if (result.outcome === 'started') drive(actor, result.run);
      },
    );
    return started.outcome === 'started' ? started.run : null;
  }

  /** Runs the agent until it rests, however it does. Never rejects. */
  async function toRest(
    actor: Actor,
    run: StoredRun,
    claim: RunClaim,
    abort: AbortController,
  ): Promise<Omit<RunEnding, 'at'>> {
    const { signal } = abort;
    const writer: JournalWriter = {
      conversationId: run.conversationId,
      run: claim,
      onLost: (error) => abort.abort(new RunAborted('failed', error)),
    };
    try {
      signal.throwIfAborted();
      const context = await createRunContext(deps, { actor, writer, signal });
      signal.throwIfAborted();
      const input = run.start.input as RunInput;
      const outcome = await unlessReleased(agent.run(input, context), signal, input);
      return outcome.end === 'waiting'
        ? { end: 'waiting', problem: null, interrupt: outcome.interrupt }
        : { end: 'completed', problem: null, interrupt: null };
    } catch (error) {
      return endingOf(error, signal, actor, claim);
    }
  }

  function endingOf(
    error: unknown,
    { reason, aborted }: AbortSignal,
    { userId, requestId }: Actor,
    { runId }: RunClaim,
  ): Omit<RunEnding, 'at'> {
    const aborting = aborted && reason instanceof RunAborted ? reason : null;
    if (aborting && aborting.end !== 'failed') return { end: aborting.end, problem: null, interrupt: null };
    const cause = deps.explain(aborting ? aborting.cause : error);
    const fields = { err: cause, x_request_id: requestId, user_id: userId, run_id: runId, outcome: 'failed' };
    if (cause instanceof AppError) log.warn(fields, 'A run failed.');
    else log.error(fields, 'A run failed unexpectedly.');
    return { end: 'failed', problem: problemOf(cause, requestId), interrupt: null };
  }

  /**
   * A part that ignores its signal must not hold the conversation for ever. Creating issues is waited for: letting go
   * of it in mid-call would let a second run in.
   */
  async function unlessReleased(
    work: Promise<RunOutcome>,
    signal: AbortSignal,
    input: RunInput,
  ): Promise<RunOutcome> {
    if (input.kind === 'approval') return work;
    const released = Promise.withResolvers<never>();
    let timer: NodeJS.Timeout | undefined;
    const onAbort = () => {
      timer = setTimeout(() => released.reject(signal.reason), releaseAfterMs);
    };
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      return await Promise.race([work, released.promise]);
    } finally {
      signal.removeEventListener('abort', onAbort);
      clearTimeout(timer);
    }
  }

  async function close(actor: Actor, claim: RunClaim, ending: Omit<RunEnding, 'at'>): Promise<void> {
    try {
      await storeEnd(claim, ending);
    } catch (error) {
      // Should this process be gone by then, the reaper ends it: its row says running, without a heartbeat.
      unstored.set(claim.runId, { actor, claim, ending });
      log.error({ err: error, run_id: claim.runId }, 'The end of a run could not be stored.');
    }
    live.delete(claim.conversationId);
    if (!unstored.has(claim.runId)) await goOn(actor, claim, ending);
  }

  async function storeEnd(claim: RunClaim, ending: Omit<RunEnding, 'at'>): Promise<void> {
    await journal.commit(
      () => runs.end(claim, { ...ending, at: clock.now() }),
      (events) => events ?? [],
    );
  }

  async function goOn(actor: Actor, claim: RunClaim, { end }: Omit<RunEnding, 'at'>): Promise<void> {
    // After a failure the next message would most likely fail too; it waits for the person to continue.
    if (end === 'failed' || end === 'interrupted') return;
    try {
      await driveQueued(actor, claim.conversationId);
    } catch (error) {
      log.error({ err: error, run_id: claim.runId }, 'A queued message could not be started.');
    }
  }

  function abort(conversationId: string, reason: RunAborted): boolean {
    const run = live.get(conversationId);
    run?.abort.abort(reason);
    return run !== undefined;
  }

  async function beat(): Promise<void> {
    const runIds = [...live.values()].map(({ claim }) => claim.runId);
    if (runIds.length === 0) return;
    try {
      await runs.beat(runIds, clock.now());
    } catch (error) {
      log.error({ err: error }, 'Heartbeats of runs could not be stored.');
    }
  }
}
