export interface Quantiles {
  p50: number;
  p95: number;
  p99: number;
  /** Of how many values. With fewer than a hundred the p99 is the largest. */
  count: number;
}

/** By nearest rank: each is a value that was measured. */
export function quantiles(values: readonly number[]): Quantiles {
  const sorted = values.toSorted((a, b) => a - b);
  const rank = (share: number) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? NaN;
  return { p50: rank(0.5), p95: rank(0.95), p99: rank(0.99), count: sorted.length };
}

/** What one way takes longer than the other, quantile by quantile. */
export function difference(longer: Quantiles, shorter: Quantiles): Quantiles {
  return {
    p50: longer.p50 - shorter.p50,
    p95: longer.p95 - shorter.p95,
    p99: longer.p99 - shorter.p99,
    count: longer.count,
  };
}
