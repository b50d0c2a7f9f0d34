const NEARLY_FULL = 0.8;

/** Whether what was typed comes so close to what a field takes that the count is worth its place. */
export function isNearLimit(length: number, max: number): boolean {
  return length >= max * NEARLY_FULL;
}
