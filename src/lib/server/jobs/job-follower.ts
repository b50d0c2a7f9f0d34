import type { JobRepository } from '../repositories/job-repository.ts';
import type { JobChanges } from './job-changes.ts';

interface JobFollowerDeps {
  jobs: Pick<JobRepository, 'listUnfinished'>;
  changes: Pick<JobChanges, 'announce'>;
}

/**
 * For a process whose jobs run in another one: each call looks at the unfinished jobs and announces what changed since
 * the call before. The first one only looks.
 */
export function createJobFollower({ jobs, changes }: JobFollowerDeps): () => Promise<void> {
  let known: Map<string, { userId: string | null; state: string }> | null = null;

  return async () => {
    const before = known;
    const listed = await jobs.listUnfinished();
    known = new Map(
      listed.map(({ id, userId, ...state }) => [id, { userId, state: Object.values(state).join() }]),
    );
    if (before === null) return;
    for (const [jobId, { userId, state }] of known) {
      if (before.get(jobId)?.state !== state) changes.announce({ jobId, userId });
    }
    // What is no longer among them has ended, or is gone.
    for (const [jobId, { userId }] of before) if (!known.has(jobId)) changes.announce({ jobId, userId });
  };
}
