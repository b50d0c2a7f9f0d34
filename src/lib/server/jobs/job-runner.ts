import type { Span } from '@opentelemetry/api';
import type { Logger } from '../observability/logger.ts';
import { correlated, correlation } from '../observability/correlation.ts';
import { markFailed, withSpan } from '../observability/tracing.ts';
import type { JobLeaseRepository, LeasedJob, Settlement } from '../repositories/job-lease-repository.ts';
import type { JobChanges } from './job-changes.ts';
import { abandonedProblem, failureProblem, isFinal } from './job-failure.ts';
import { longestPauseMs, retryPauseMs } from './retry-pause.ts';

/**
 * Does one try of a job. Whatever it writes goes through the job's lease. It ends soon after the signal is aborted;
 * a rejection is a failed try.
 */
export type JobHandler = (job: LeasedJob, signal: AbortSignal) => Promise<void>;

interface JobRunnerDeps {
  leases: JobLeaseRepository;
  /** Tells this process from every other on the same database. */
  processId: string;
  /** By job type. Jobs of other types are left to whoever knows them. */
  handlers: Record<string, JobHandler>;
  changes: Pick<JobChanges, 'announce'>;
  clock: { now(): number };
  log: Logger;
  /** Uniform in [0, 1). */
  random?: () => number;
  mostAtOnce?: number;
  /** A try that takes longer has failed. */
  longestTryMs?: number;
}

export interface JobRunner {
  /** Keeps the leases of what runs, and starts what is due while there is room. To be called about every second. */
  runDue(): Promise<void>;
  /** Resolves once nothing runs here. */
  idle(): Promise<void>;
  /** Takes nothing more, stops what runs and gives it back, uncounted, for the next process. */
  stop(): Promise<void>;
}

/** After it, a job of a process that died is tried by another one. A live process renews in time. */
export const leaseMs = 60_000;

const leaseLost = Symbol('lease lost');
const stopping = Symbol('stopping');

export function createJobRunner(deps: JobRunnerDeps): JobRunner {
  const { leases, handlers, changes, clock, log, random = Math.random } = deps;
  const { mostAtOnce = 4, longestTryMs = 5 * 60_000 } = deps;
  const terms = { owner: deps.processId, leaseMs, longestPauseMs, abandonedProblem };
  const running = new Map<LeasedJob, { abort: AbortController; ended: Promise<void> }>();
  let isStopped = false;
  let looking: Promise<void> = Promise.resolve();

  // One look at a time: two at once would both count the same free places.
  function runDue(): Promise<void> {
    const next = looking.then(look);
    looking = next.catch(() => undefined);
    return next;
  }

  async function look(): Promise<void> {
    // First: after a jump of the clock our own leases look as if they had run out.
    for (const lost of await leases.renew([...running.keys()], leaseMs, clock.now())) {
      for (const [job, { abort }] of running)
        if (job.id === lost.id && job.fence === lost.fence) abort.abort(leaseLost);
    }
    const places = mostAtOnce - running.size;
    if (isStopped || places <= 0) return;
    const wanted = { types: Object.keys(handlers), limit: places };
    const { leased, abandoned } = await leases.take(wanted, terms, clock.now());
    for (const { id, userId } of abandoned) changes.announce({ jobId: id, userId });
    for (const job of leased) start(job);
  }

  function start(job: LeasedJob): void {
    const abort = new AbortController();
    const ended = inItsName(job, (span) => run(job, abort.signal, span)).finally(() => {
      running.delete(job);
      changes.announce({ jobId: job.id, userId: job.userId });
      // Its place is free. A failure to look is met again, and logged, at the next regular look.
      if (!isStopped) void runDue().catch(() => undefined);
    });
    running.set(job, { abort, ended });
    changes.announce({ jobId: job.id, userId: job.userId });
  }

  /**
   * A job of the schedule's own has no request: its id says as much. Whoever woke us may have asked for another job than
   * this one, whose trace is then not theirs.
   */
  function inItsName(job: LeasedJob, work: (span: Span) => Promise<void>): Promise<void> {
    const isAskedForHere = job.requestId !== null && job.requestId === correlation().requestId;
    const attributes = {
      'backlogue.job_id': job.id,
      'backlogue.job_attempt': job.attempts,
      'backlogue.request_id': job.requestId ?? undefined,
    };
    return correlated({ requestId: job.requestId ?? job.id, userId: job.userId }, () =>
      withSpan(`job ${job.type}`, attributes, work, { root: !isAskedForHere }),
    );
  }

  async function run(job: LeasedJob, outside: AbortSignal, span: Span): Promise<void> {
    const signal = AbortSignal.any([outside, AbortSignal.timeout(longestTryMs)]);
    const startedAt = performance.now();
    let failure: { error: unknown } | null = null;
    try {
      await handlers[job.type]?.(job, signal);
    } catch (error) {
      failure = { error };
      markFailed(span, error);
    }
    if (outside.aborted && outside.reason === leaseLost) return;
    // Stopped in the middle; what came to its end before it heard of the stop has its end.
    const isCutShort = outside.aborted && failure !== null;
    const settlement = isCutShort ? givenBack() : settlementOf(job, failure);
    try {
      const isKept = await leases.settle(job, settlement);
      logEnd(job, isKept ? settlement.status : 'lease_lost', failure?.error, performance.now() - startedAt);
    } catch (err) {
      log.error({ err, job_id: job.id }, 'The end of a job could not be recorded');
    }
  }

  function settlementOf(job: LeasedJob, failure: { error: unknown } | null): Settlement {
    const at = clock.now();
    if (failure === null) return { status: 'succeeded', at };
    const { error } = failure;
    const problem = failureProblem(error, job.requestId);
    if (isFinal(error) || job.attempts >= job.maxAttempts) return { status: 'failed', at, problem };
    return { status: 'queued', runAt: at + retryPauseMs(job.attempts, error, random), problem };
  }

  function givenBack(): Settlement {
    return { status: 'given_back', runAt: clock.now() };
  }

  function logEnd(job: LeasedJob, outcome: string, error: unknown, durationMs: number): void {
    const line = {
      job_id: job.id,
      job_type: job.type,
      attempt: job.attempts,
      duration_ms: Math.round(durationMs),
      outcome,
    };
    if (error === undefined) log.info(line, 'A job was done');
    else if (outcome === 'given_back') log.info(line, 'A job was given back at a stop');
    else log.warn({ ...line, err: error }, 'A try of a job failed');
  }

  async function idle(): Promise<void> {
    await looking;
    while (running.size > 0) {
      await Promise.all([...running.values()].map(({ ended }) => ended));
      await looking;
    }
  }

  return {
    runDue,
    idle,
    async stop() {
      isStopped = true;
      await looking;
      for (const { abort } of running.values()) abort.abort(stopping);
      await idle();
    },
  };
}
