import type { Ids } from '../../agent/ports.ts';
import type { JobRepository } from '../repositories/job-repository.ts';
import type { JobChanges } from './job-changes.ts';

export interface JobRequest {
  type: string;
  userId: string | null;
  /** Asking twice about one subject is asking once while the first is unfinished; null never is. */
  subject: string | null;
  /** Plain data, no secrets: it is stored and backed up. */
  input: unknown;
  requestId: string | null;
  /** A person waits for it: a pause before the next try ends now. */
  hasten?: boolean;
}

export interface JobQueue {
  /** Stores the job, to run at once; returns its id, or that of the unfinished one about the same subject. */
  enqueue(request: JobRequest): Promise<string>;
  /** Cancels what is unfinished about these subjects. What a cancelled try still finds out is not written. */
  cancelAbout(userId: string, subjects: readonly string[]): Promise<void>;
}

interface JobQueueDeps {
  jobs: Pick<JobRepository, 'enqueue' | 'cancelAbout'>;
  changes: Pick<JobChanges, 'announce'>;
  /** Tells the runner of this process, if it has one, to look at once. It must not throw. */
  wake(): void;
  clock: { now(): number };
  ids: Ids;
}

export function createJobQueue({ jobs, changes, wake, clock, ids }: JobQueueDeps): JobQueue {
  return {
    async enqueue({ hasten = false, ...request }) {
      const now = clock.now();
      const { jobId, isNew } = await jobs.enqueue({ ...request, id: ids.next(), runAt: now }, now, hasten);
      if (isNew || hasten) changes.announce({ jobId, userId: request.userId });
      wake();
      return jobId;
    },

    async cancelAbout(userId, subjects) {
      for (const jobId of await jobs.cancelAbout(subjects, clock.now())) changes.announce({ jobId, userId });
      wake();
    },
  };
}
