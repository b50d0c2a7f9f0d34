import { BusyError } from '../errors/app-error.ts';
import { createConnectionCounter } from '../security/connection-limits.ts';
import { createTokenBucket } from '../security/token-bucket.ts';
import type { CallerLimits } from './services.ts';

/** As on the channel, where each tab has as much. */
const rate = { perSecond: 20, burst: 60 };
const streams = { perUser: 20, perAddress: 500 };

/** Keeps one person's scripts and tabs from taking everybody's time. `close` ends all streams. */
export function createCallerLimits({
  clock,
}: {
  clock: { now(): number };
}): CallerLimits & { close(): void } {
  /** By person; people are few. */
  const buckets = new Map<string, ReturnType<typeof createTokenBucket>>();
  const places = createConnectionCounter(streams);
  const open = new Set<() => void>();

  return {
    admit({ userId }) {
      const bucket = buckets.get(userId) ?? createTokenBucket({ ...rate, clock });
      buckets.set(userId, bucket);
      if (bucket.take()) return;
      throw new BusyError('too_many_requests', 'These requests come too fast.', {
        hint: `Send at most ${rate.perSecond} a second.`,
        retryAfterMs: 1_000,
      });
    },
    openStream(whose, end) {
      const release = places.take(whose);
      open.add(end);
      return () => {
        open.delete(end);
        release();
      };
    },
    close() {
      for (const end of [...open]) end();
    },
  };
}
