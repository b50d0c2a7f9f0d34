import { jobPageSchema, jobsKeptForDays, type JobView } from '../../contracts/job.ts';
import { ConflictError, NotFoundError } from '../errors/app-error.ts';
import type { JobRepository, StoredJob } from '../repositories/job-repository.ts';
import type { Actor, JobService } from './services.ts';

interface JobServiceDeps {
  jobs: JobRepository;
  changes: {
    announce(change: { jobId: string; userId: string | null }): void;
    onChanged(listener: (change: { jobId: string; userId: string | null }) => void): () => void;
  };
  /** Tells the runner of this process, if it has one, to look at once. It must not throw. */
  wake(): void;
  clock: { now(): number };
  log: { error(detail: object, message: string): void };
}

/** A person's own background jobs. Those of others, and those of nobody, are not there. */
export function createJobService({ jobs, changes, wake, clock, log }: JobServiceDeps): JobService {
  async function own({ userId }: Actor, jobId: string): Promise<StoredJob> {
    const job = await jobs.find(jobId);
    if (job?.userId === userId) return job;
    throw new NotFoundError('job_not_found', 'There is no such job.', {
      hint: `Finished jobs are removed after ${jobsKeptForDays} days.`,
    });
  }

  function changed(job: StoredJob): void {
    changes.announce({ jobId: job.id, userId: job.userId });
    wake();
  }

  return {
    async list(actor, page = {}) {
      const { limit, before } = jobPageSchema.parse(page);
      const beforeJob = before === undefined ? undefined : await own(actor, before);
      return (await jobs.listOf(actor.userId, limit, beforeJob)).map(toView);
    },

    async get(actor, jobId) {
      return toView(await own(actor, jobId));
    },

    async retry(actor, jobId) {
      const job = await own(actor, jobId);
      const outcome = await jobs.requeue(jobId, ['failed', 'cancelled'], clock.now());
      if (outcome === 'overtaken') {
        throw new ConflictError(
          'job_not_retryable',
          'Only a job that failed or was cancelled can be retried.',
        );
      }
      if (outcome === 'subject_taken') {
        throw new ConflictError('job_under_way', 'A newer job is already doing the same.', {
          hint: 'Wait for that one.',
        });
      }
      changed(job);
    },

    async cancel(actor, jobId) {
      const job = await own(actor, jobId);
      const isCancelled = await jobs.cancel(jobId, clock.now());
      if (!isCancelled) throw new ConflictError('job_ended', 'This job has ended already.');
      changed(job);
    },

    watch({ userId }, listener) {
      return changes.onChanged((change) => {
        if (change.userId !== userId) return;
        jobs.find(change.jobId).then(
          (job) => job && listener(toView(job)),
          (err: unknown) => log.error({ err, job_id: change.jobId }, 'A changed job could not be read'),
        );
      });
    },
  };
}

function toView(job: StoredJob): JobView {
  const { id, type, status, attempts, maxAttempts, problem, runAt, createdAt, startedAt, endedAt } = job;
  const sentence = problem && [problem.message, problem.hint].filter(Boolean).join(' ');
  return { id, type, status, attempts, maxAttempts, problem: sentence, runAt, createdAt, startedAt, endedAt };
}
