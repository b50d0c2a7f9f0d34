import type { CompactionRepository } from '../../repositories/compaction-repository.ts';
import type { AuditService } from '../services.ts';

export interface CompactionDeps {
  repository: CompactionRepository;
  /** Writes the files anew, on a thread of its own. */
  compactFiles(): Promise<unknown>;
  /** Runs work while nothing is stored; null when it could not begin. */
  rest<T>(work: () => Promise<T>): Promise<T | null>;
  audit: Pick<AuditService, 'record'>;
  clock: { now(): number };
  ids: { next(): string };
}

const hourMs = 3_600_000;
/** Writing anew takes 10 to 30 ms a megabyte: up to here nobody minds, at whatever time. */
const quickToCompactBytes = 32 * 1024 * 1024;
/** Whoever was deleted is gone from the tables at once, and from what is left between rows within a day. */
const latestAfterErasureMs = 24 * hourMs;
/** The server's own night. */
const night = { from: 2, until: 5 };
/** Less than that is soon used again. */
const leastFree = { bytes: 16 * 1024 * 1024, share: 0.25 };

/**
 * Writes the database files anew when somebody was deleted or much of them is empty, while no run is at work: large ones
 * by night. Meanwhile nothing is stored, and everything can be read. Look now and then; true when it was done.
 */
export function createCompaction(deps: CompactionDeps): () => Promise<boolean> {
  const { repository, compactFiles, rest, audit, clock, ids } = deps;
  let notBefore = 0;
  return async () => {
    if (clock.now() < notBefore || !isDue() || repository.isAnyRunAtWork()) return false;
    const { freeBytes } = repository.room();
    // Should it fail, most likely for want of room, people must not be shut out every minute.
    notBefore = clock.now() + hourMs;
    const done = await rest(async () => {
      await compactFiles();
      return true;
    });
    notBefore = 0;
    if (done === null) return false;
    audit.record(
      { userId: null, employeeId: null, requestId: ids.next() },
      { action: 'database.compact', outcome: 'ok', detail: { freeBytes } },
    );
    return true;
  };

  function isDue(): boolean {
    const { bytes, freeBytes } = repository.room();
    const erasedAt = repository.erasedAt();
    if (erasedAt !== null && bytes <= quickToCompactBytes) return true;
    if (erasedAt !== null && clock.now() - erasedAt > latestAfterErasureMs) return true;
    const isWorthIt = freeBytes > leastFree.bytes && freeBytes > bytes * leastFree.share;
    return isNight() && (erasedAt !== null || isWorthIt);
  }

  function isNight(): boolean {
    const hour = new Date(clock.now()).getHours();
    return hour >= night.from && hour < night.until;
  }
}
