/** A job that was stored, started, ended or planned anew. */
export interface JobChange {
  jobId: string;
  userId: string | null;
}

export interface JobChanges {
  announce(change: JobChange): void;
  /** Told of every change that this process makes. Returns the call that unsubscribes. */
  onChanged(listener: (change: JobChange) => void): () => void;
}

export function createJobChanges({
  log,
}: {
  log: { error(detail: object, message: string): void };
}): JobChanges {
  const listeners = new Set<(change: JobChange) => void>();

  return {
    announce(change) {
      for (const listener of listeners) {
        try {
          listener(change);
        } catch (err) {
          // The others must still hear of it, and the job goes on.
          log.error({ err, job_id: change.jobId }, 'A listener failed when a job changed');
        }
      }
    },
    onChanged(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
