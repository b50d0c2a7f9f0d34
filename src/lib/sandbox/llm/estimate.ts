import type { PromptRules } from './prompt-reader.ts';

// How many criteria one story point value stands for, as the practice writer reckons.
const criteriaOfPoints: readonly [points: number, criteria: number][] = [
  [1, 1],
  [2, 3],
  [3, 4],
  [5, 6],
  [8, 9],
  [13, 14],
];

/** Story points from the number of criteria, on the team's scale (rounded up to it). */
export function estimatePoints(criteria: number, { pointScale }: PromptRules): number {
  const raw = criteriaOfPoints.find(([, most]) => criteria <= most)?.[0] ?? 21;
  const scale = [...pointScale].sort((a, b) => a - b);
  return scale.find((points) => points >= raw) ?? scale.at(-1) ?? raw;
}

/** How many criteria a story may have to stay within the maximum; at least one. */
export function criteriaWithin(rules: PromptRules): number {
  let criteria = 1;
  while (criteria < 30 && estimatePoints(criteria + 1, rules) <= rules.maxStoryPoints) criteria += 1;
  return criteria;
}
