/** Lets through `burst` at once and `perSecond` lastingly. */
export function createTokenBucket({
  perSecond,
  burst,
  clock,
}: {
  perSecond: number;
  burst: number;
  clock: { now(): number };
}): { take(): boolean } {
  let tokens = burst;
  let at = clock.now();
  return {
    take() {
      const now = clock.now();
      // A clock that is set back must not take tokens away.
      tokens = Math.min(burst, tokens + (Math.max(0, now - at) / 1_000) * perSecond);
      at = now;
      if (tokens < 1) return false;
      tokens -= 1;
      return true;
    },
  };
}
